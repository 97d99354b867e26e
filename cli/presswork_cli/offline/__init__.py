"""check, preview and build: the same pure code, without a cloud."""
