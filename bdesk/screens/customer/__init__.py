"""A customer and their cases."""
