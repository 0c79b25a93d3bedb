"""Three sentences a view: may they, do it, show it."""
