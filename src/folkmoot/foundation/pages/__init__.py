"""Pages that belong to no service: the front page, languages, errors."""
