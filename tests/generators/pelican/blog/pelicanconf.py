"""The settings of a Pelican site, as `pelican-quickstart` writes them."""

AUTHOR = "Ada Quill"
SITENAME = "The Slow Ferry"
SITEURL = "https://ferry.example"
PATH = "content"
TIMEZONE = "Europe/Lisbon"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 10
STATIC_PATHS = ["files"]
PLUGINS = ["pelican.plugins.sitemap"]
