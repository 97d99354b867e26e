"""Front matter in every dialect: read strictly, told mistakes with their lines."""
