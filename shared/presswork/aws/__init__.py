"""The only modules that speak to AWS: one class per store, its schema in its docstring."""
