"""What is made of bytes of the world, in a process of its own with limits."""
