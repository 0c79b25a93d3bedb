"""The signed heads, for everybody; receipts, for auditors of the event's organisation."""

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status

from folkmoot.foundation.audit import tree
from folkmoot.foundation.audit.models import Event, Head
from folkmoot.foundation.audit.receipts import NotYetSealed
from folkmoot.foundation.audit.receipts import receipt as prove
from folkmoot.foundation.audit.sequencer import stored
from folkmoot.foundation.identity.roles import Role

router = Router(tags=["audit"])


class SignedHead(Schema):
    size: int
    root: str
    at: str
    key: str
    signature: str


class Consistency(Schema):
    old: int
    size: int
    old_root: str
    root: str
    proof: list[str]


class Receipt(Schema):
    body: str
    salt: str
    seq: int
    size: int
    root: str
    signature: str
    key: str
    proof: list[str]


# Heads tell nothing but how many events there are: anybody may keep them, and the more do, the better.
@router.get("/heads", response=list[SignedHead], auth=None, summary="The newest signed tree heads")
def heads(request: HttpRequest, limit: int = 20) -> list[Head]:
    """At most 100, newest first."""
    return list(Head.objects.order_by("-size")[: max(1, min(limit, 100))])


@router.get("/consistency", response=Consistency, auth=None, summary="Proof that an old head is part of a newer one")
def consistency(request: HttpRequest, old: int, size: int) -> Consistency:
    """Between two published heads (RFC 9162, section 2.1.4)."""
    found = {head.size: head.root for head in Head.objects.filter(size__in=[old, size])}
    if old not in found or size not in found or old > size:
        raise Http404("There are no two published heads of these sizes.")
    proof = [step.hex() for step in tree.consistency_proof(stored, old, size)]
    return Consistency(old=old, size=size, old_root=found[old], root=found[size], proof=proof)


@router.get(
    "/receipts/{uuid:event}", response={200: Receipt, 425: dict[str, str]}, summary="Proof that an event is logged"
)
def receipt(request: HttpRequest, event: UUID) -> Status:
    """For an auditor of the event's organisation, to check or to hand to the person concerned."""
    auditing = {str(key) for key, roles in request.user.roles.items() if Role.AUDITOR in roles}
    found = Event.objects.filter(pk=str(event), organisation__in=auditing).first()
    if found is None:
        raise Http404("There is no such event in your organisations.")
    try:
        made = prove(found)
    except NotYetSealed as early:
        return Status(425, {"detail": str(early)})
    return Status(200, Receipt(**{**vars(made), "proof": list(made.proof)}))
