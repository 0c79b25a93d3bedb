"""Who am I, and what may I do where?"""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

router = Router(tags=["identity"])


class Held(Schema):
    organisation: UUID
    code: str
    name: str
    roles: list[str]


class Who(Schema):
    id: UUID
    name: str
    email: str
    language: str
    organisations: list[Held]


@router.get("/whoami", response=Who, summary="The person who asks")
def whoami(request: HttpRequest) -> Who:
    """The person whose session this is, and their roles in each organisation."""
    user = request.user
    places = {each.organisation_id: each.organisation for each in user.memberships.select_related("organisation")}
    return Who(
        id=user.pk,
        name=user.name,
        email=user.email,
        language=user.language,
        organisations=[
            Held(organisation=key, code=places[key].code, name=places[key].name, roles=sorted(roles))
            for key, roles in sorted(user.roles.items(), key=lambda held: places[held[0]].name)
        ],
    )
