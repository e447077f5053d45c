"""A firm's own data: read line by line, checked, and kept row by row with a journal of what changed."""
