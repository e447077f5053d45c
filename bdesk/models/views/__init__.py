"""Frozen dataclasses shaped for a use: what rules and screens are handed."""
