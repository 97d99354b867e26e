"""webhook: takes posts from the outside."""
