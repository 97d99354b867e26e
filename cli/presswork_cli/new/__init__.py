"""The beginning of a site, and of a post: files that their author goes on with."""
