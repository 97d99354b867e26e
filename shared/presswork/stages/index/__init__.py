"""index: brings lists, feeds and sitemaps up to date."""
