"""The body of a post as a tree: repaired, its images found, sanitised."""
