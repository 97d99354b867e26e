"""What is asked of the open web, behind address checks and limits."""
