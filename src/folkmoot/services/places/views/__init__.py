"""Pages of places: may they, do it, show it."""
