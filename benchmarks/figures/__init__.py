"""One file for each figure; each has `measure(options)`, which yields lines of the table."""
