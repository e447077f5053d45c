"""The walk: procedures as frozen data, and the pure interpreter that walks them."""
