"""What a stack costs: counted units, dated prices, and a stack's own numbers."""
