"""The only modules that speak to AWS: one class per store, each with its schema in its docstring."""
