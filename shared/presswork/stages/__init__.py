"""What each stage does, with its stores passed in."""
