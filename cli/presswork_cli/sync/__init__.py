"""`sync`: a folder becomes the content of a site."""
