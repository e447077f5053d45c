"""Overlays: each asks one thing, Esc leaves it, and nothing irreversible happens in it."""
