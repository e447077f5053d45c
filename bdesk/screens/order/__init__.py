"""The order card."""
