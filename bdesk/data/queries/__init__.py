"""What screens and commands read: one file per screen, frozen views out, a page at a time."""
