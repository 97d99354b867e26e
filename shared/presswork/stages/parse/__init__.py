"""parse: looks at a key of ContentBucket, and remembers what it means."""
