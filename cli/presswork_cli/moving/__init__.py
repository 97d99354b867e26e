"""Moving in and out: a blog of another tool becomes a folder for `sync`, and a site a folder."""
