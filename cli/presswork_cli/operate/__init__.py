"""What is asked and told of a stack, on AWS or on the local cloud."""
