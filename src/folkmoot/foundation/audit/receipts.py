"""A receipt: proof for one event that it stands in the log, to be checked by anybody with the witness's heads."""

from dataclasses import dataclass

from folkmoot.foundation.audit import tree
from folkmoot.foundation.audit.models import Event, Head, Leaf, Salt
from folkmoot.foundation.audit.sequencer import stored


@dataclass(frozen=True)
class Receipt:
    """The event as logged, its own salt (never a key), its place, and the hashes that lead from it to a signed head."""

    body: str
    salt: str
    seq: int
    size: int
    root: str
    signature: str
    key: str
    proof: tuple[str, ...]

    def holds(self) -> bool:
        """Whether the proof leads from the event to the root. The signature is for the holder of the public key."""
        return tree.verify_inclusion(
            tree.leaf_hash(self.body.encode()),
            self.seq - 1,
            self.size,
            [bytes.fromhex(step) for step in self.proof],
            bytes.fromhex(self.root),
        )


class NotYetSealed(Exception):
    """The event has no signed head above it yet."""


def receipt(event: Event | str) -> Receipt:
    """The receipt of one event, against the newest head."""
    key = getattr(event, "pk", event)
    leaf = Leaf.objects.filter(event_id=key).select_related("event").first()
    head = Head.objects.order_by("-size").first()
    if leaf is None or head is None or head.size < leaf.seq:
        raise NotYetSealed("This event is recorded, but no signed head covers it yet: ask again in a minute.")
    return Receipt(
        body=leaf.event.body,
        salt=Salt.objects.filter(event_id=key).values_list("salt", flat=True).first() or "",
        seq=leaf.seq,
        size=head.size,
        root=head.root,
        signature=head.signature,
        key=head.key,
        proof=tuple(step.hex() for step in tree.inclusion_proof(stored, leaf.seq - 1, head.size)),
    )
