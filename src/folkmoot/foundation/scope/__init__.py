"""Row scope: a query that forgets whose rows it may see fails, and writes stay inside their organisation."""
