"""Cases of a training store that the desk's own operations worked, at earlier instants."""
