"""Help for what has focus."""
