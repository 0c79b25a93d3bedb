"""What is said when a query or a write forgets whose rows it is about."""


class ScopeMissing(Exception):
    """A query on organisations' rows did not say whose rows it may see."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"This query on {model} does not say whose rows it may see, so it was not run. Begin it with "
            f"{model}.objects.visible_to(user) or .for_organisation(organisation); or, if it truly concerns everybody, "
            f'.across_organisations(because="…").'
        )


class WriteRefused(Exception):
    """A row was about to be written for, moved to, or tied to another organisation."""
