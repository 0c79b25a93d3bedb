"""The base of every row of this room."""

from django.db import models

from folkmoot.foundation.identifiers import uuid7
from folkmoot.foundation.scope.models import OrganisationScoped


class Row(OrganisationScoped):
    """A row of this room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(OrganisationScoped.Meta):
        abstract = True
