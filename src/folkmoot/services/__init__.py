"""One Django app per public service. No service imports another."""
