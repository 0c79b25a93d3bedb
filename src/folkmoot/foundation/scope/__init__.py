"""Row scope: a query that forgets whose rows it may see fails, and writes stay inside their organisation.

Use `scope.models.OrganisationScoped` as a model's base; `scope.errors` says what may be raised.
"""
