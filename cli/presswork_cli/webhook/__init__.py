"""Sources of posts from outside: their secrets, and a sender to try them with."""
