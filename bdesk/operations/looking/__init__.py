"""What screens and commands read: thin functions `(ctx, ...)` to frozen views, each one short read.

One file per screen. A read opens, fetches and ends (ARCHITECTURE, One key press); personal data come masked.
"""
