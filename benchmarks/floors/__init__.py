"""The least programs that do the same as the desk: what it is measured against. Each runs by itself."""
