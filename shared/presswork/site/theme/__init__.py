"""Templates and assets: the default theme, and what `theme/` puts in its place."""
