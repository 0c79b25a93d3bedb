"""The Merkle tree of RFC 9162 (section 2.1): heads, inclusion proofs, consistency proofs.

`Nodes` gives the hash of a perfect subtree by (level, index); level 0 holds the leaves. Every function reads
O(log n) of them.
"""

import hashlib
from collections.abc import Callable, Sequence

type Nodes = Callable[[int, int], bytes]

EMPTY = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(size: int) -> list[tuple[int, int]]:
    """The perfect subtrees above leaf level that the `size`-th leaf completes, lowest first."""
    found, level, index = [], 0, size
    while index and index % 2 == 0:
        level, index = level + 1, index // 2
        found.append((level, index - 1))
    return found


def root(nodes: Nodes, size: int) -> bytes:
    """The tree head of the first `size` leaves."""
    return _range(nodes, 0, size) if size else EMPTY


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Shows that leaf `index` (from 0) is in the tree of `size` leaves (section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    return _path(nodes, index, 0, size)


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """Shows that the tree of `old` leaves is a prefix of the tree of `size` leaves (section 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"A tree of {old} leaves is not the beginning of a tree of {size}.")
    return [] if old == size else _subproof(nodes, old, 0, size, whole=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, found = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            found = node_hash(step, found)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == head


def verify_consistency(old: int, size: int, old_head: bytes, head: bytes, proof: Sequence[bytes]) -> bool:
    """Section 2.1.4.2."""
    if old == size:
        return not proof and old_head == head
    if not 0 < old < size:
        return False
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_head)
    if not steps:
        return False
    fn, sn = old - 1, size - 1
    while fn % 2:
        fn, sn = fn >> 1, sn >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_head and second == head


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _range(nodes: Nodes, start: int, end: int) -> bytes:
    width = end - start
    if width & (width - 1) == 0 and start % width == 0:
        return nodes(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(_range(nodes, start, middle), _range(nodes, middle, end))


def _path(nodes: Nodes, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(nodes, index, start, middle), _range(nodes, middle, end)]
    return [*_path(nodes, index, middle, end), _range(nodes, start, middle)]


def _subproof(nodes: Nodes, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    if old == end - start:
        return [] if whole else [_range(nodes, start, end)]
    k = _split(end - start)
    if old <= k:
        return [*_subproof(nodes, old, start, start + k, whole=whole), _range(nodes, start + k, end)]
    return [*_subproof(nodes, old - k, start + k, end, whole=False), _range(nodes, start, start + k)]
