"""The call card."""
