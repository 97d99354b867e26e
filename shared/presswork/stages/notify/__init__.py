"""notify: tells followers and authors."""
