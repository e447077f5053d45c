"""What the rows of the case's menus ask further, one file for each matter."""
