"""render: makes pages, and copies static files."""
