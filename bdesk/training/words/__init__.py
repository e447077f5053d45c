"""Word lists of the invented shop. All of them are ours; none was taken from a list of real people."""
