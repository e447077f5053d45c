"""Exact lookup."""
