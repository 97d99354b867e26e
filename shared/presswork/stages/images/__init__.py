"""images: fetches what posts show, and keeps the media of the site."""
