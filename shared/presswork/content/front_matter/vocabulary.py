"""The keys of front matter in the spellings of many generators, each under one name.

Names are canonical: `featured_image`, `featured-image` and `featuredImage` are all `featuredimage`.
The keys for one thing stand in the order in which they are asked for.
"""

from functools import lru_cache

_SEPARATORS = str.maketrans("", "", "-_ ")

ID = ("id",)
TITLE = ("title",)
DATE = (
    "date",
    "published",
    "pubdate",
    "publishdate",
    "publisheddate",
    "datepublished",
    "publishedat",
    "publishedtime",
    "created",
    "createdat",
    "createddate",
    "datecreated",
)
UPDATED = (
    "updated",
    "lastmod",
    "modified",
    "lastmodifiedat",
    "lastmodified",
    "updatedat",
    "updateddate",
    "dateupdated",
    "datemodified",
    "modifieddate",
    "lastupdated",
)
PUBLISH_AT = (
    "publishat",
    "publishdate",
    "pubdate",
    "published",
    "publish",
    "publisheddate",
    "datepublished",
    "publishedat",
    "publishedtime",
)
"""Keys that say when a post appears, which may be later than its date."""
EXPIRES = (
    "expires",
    "expiry",
    "expirydate",
    "expiredate",
    "expiresat",
    "expirationdate",
    "unpublishdate",
)
DRAFT = ("draft", "isdraft", "ignorepublish")
PUBLISHED = ("published", "publish", "ispublished")
"""Keys that say whether a post may be seen, unless they hold a date."""
STATUS = ("status",)
UNLISTED = ("unlisted",)
VISIBILITY = ("visibility", "public")
PRIVATE = (
    "private",
    "secret",
    "confidential",
    "protected",
    "encrypt",
    "encrypted",
    "membersonly",
)
PASSWORD = ("password", "passwd", "passphrase", "postpassword")
HIDDEN = ("hidden", "eleventyexcludefromcollections")
HIDDEN_IN_PLACES = (
    "hiddenfromhomepage",
    "hiddeninhomelist",
    "hiddenfromsearch",
    "searchhidden",
    "hiddenfromfeed",
)
"""Keys of themes that leave a post out of some lists and not of others."""
NOINDEX = ("noindex", "robotsnoindex")
ROBOTS = ("robots",)
SITEMAP = ("sitemap",)
RENDER = ("render",)
BUILD = ("build",)
HEADLESS = ("headless",)
AUDIENCE = (*UNLISTED, *VISIBILITY, *PRIVATE, *PASSWORD, *HIDDEN, *HIDDEN_IN_PLACES, *NOINDEX)
"""Keys that say who may see a post, but for those that have other meanings elsewhere."""
SLUG = ("slug", "abbrlink")
PERMALINK = ("permalink", "path")
URL = ("url", "saveas")
CANONICAL = ("canonicalurl", "canonical", "canonicallink", "relcanonical")
ALIASES = ("aliases", "alias", "redirectfrom")
AUTHORS = ("author", "authors", "byline")
CATEGORIES = ("categories", "category")
TAGS = ("tags", "tag", "keywords")
SERIES = ("series",)
WEIGHT = ("weight",)
SUMMARY = ("description", "excerpt", "summary", "customexcerpt", "metadescription")
LANGUAGE = ("lang", "language", "locale")
COMMENTS = ("comments", "comment")
COVERS = (
    "cover",
    "coverimage",
    "coverimg",
    "coverurl",
    "headimg",
    "headerimage",
    "headerimg",
    "thumbnail",
    "thumbnailimg",
    "thumbnailimage",
    "thumbnailurl",
    "thumb",
    "banner",
    "bannerimg",
    "bannerimage",
    "image",
    "featuredimage",
    "featuredimg",
    "featureimage",
    "featureimg",
    "featured",
    "indeximg",
    "topimg",
    "postimage",
    "heroimage",
    "hero",
    "header",
    "teaser",
    "ogimage",
    "ogimg",
    "shareimg",
    "socialimage",
    "twitterimage",
    "photos",
    "images",
    "gallery",
)
"""The keys that may hold a cover, most particular first."""

NESTS = ("params", "extra", "taxonomies")
"""Maps in which Hugo and Zola put keys that others have outside."""
NESTED = frozenset(
    (
        *(*AUTHORS, *CATEGORIES, *TAGS, *SERIES, *SUMMARY, *LANGUAGE, *COMMENTS, *COVERS),
        *AUDIENCE,
    )
)
"""What is looked for in such maps, too; nothing there says where or when a post appears."""

IGNORED = ("layout", "template", "type", "toc")
"""What other generators have a use for."""

KNOWN = frozenset(
    (
        *(*ID, *TITLE, *DATE, *UPDATED, *EXPIRES, *PUBLISHED, *STATUS, *SLUG, *PERMALINK, *URL),
        *PUBLISH_AT,
        *(*ALIASES, *CANONICAL, *NESTED, *WEIGHT, *NESTS, *IGNORED, *DRAFT),
    )
)
"""Keys by which front matter is told from prose with a colon in it."""


@lru_cache(maxsize=1_000)
def canonical(key: str) -> str:
    """The one name of a key, however its words are set apart."""
    return key.translate(_SEPARATORS).lower()
