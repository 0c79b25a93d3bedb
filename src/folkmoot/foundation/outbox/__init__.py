"""Events between services: written with the change, delivered at least once."""
