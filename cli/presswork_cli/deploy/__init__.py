"""The stack itself on AWS: made, changed and taken away by way of the SAM CLI."""
