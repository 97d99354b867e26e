"""The way back: the table's promises out to a file, and a stack made of that file again."""
