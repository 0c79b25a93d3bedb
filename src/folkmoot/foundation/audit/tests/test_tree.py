"""The tree against published vectors and its own theorems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.foundation.audit import tree
from folkmoot.foundation.audit.verify import Tree

# Leaves and root published with RFC 6962's reference implementation.
LEAVES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def _nodes(entries: list[bytes]) -> tree.Nodes:
    def node(level: int, index: int) -> bytes:
        if level == 0:
            return tree.leaf_hash(entries[index])
        return tree.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def test_the_root_of_the_published_leaves_is_the_published_root() -> None:
    assert tree.root(_nodes(LEAVES), len(LEAVES)).hex() == ROOT


def test_the_readers_own_tree_gives_the_published_root_too() -> None:
    grown = Tree()
    for leaf in LEAVES:
        list(grown.append(tree.leaf_hash(leaf)))
    assert grown.root() == ROOT


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert (
        tree.root(_nodes([]), 0).hex()
        == Tree().root()
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_every_leaf_is_proved_and_no_other_passes(size: int, data: st.DataObject) -> None:
    entries = [str(number).encode() for number in range(size)]
    nodes, index = _nodes(entries), data.draw(st.integers(0, size - 1))
    proof, head = tree.inclusion_proof(nodes, index, size), tree.root(nodes, size)
    assert tree.verify_inclusion(nodes(0, index), index, size, proof, head)
    assert not tree.verify_inclusion(tree.leaf_hash(b"another"), index, size, proof, head)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index)) if size > 1 else size
    assert not tree.verify_inclusion(nodes(0, index), other, size, proof, head)


@given(sizes, sizes, st.data())
def test_an_old_head_is_a_prefix_unless_something_changed(one: int, two: int, data: st.DataObject) -> None:
    old, size = sorted((one, two))
    entries = [str(number).encode() for number in range(size)]
    nodes = _nodes(entries)
    old_head, head = tree.root(nodes, old), tree.root(nodes, size)
    assert tree.verify_consistency(old, size, old_head, head, tree.consistency_proof(nodes, old, size))
    entries[data.draw(st.integers(0, old - 1))] = b"changed"
    changed = _nodes(entries)
    proof = tree.consistency_proof(changed, old, size)
    assert not tree.verify_consistency(old, size, old_head, tree.root(changed, size), proof)


@given(st.integers(1, 300))
def test_both_trees_agree_and_complete_the_same_subtrees(size: int) -> None:
    grown = Tree()
    for number in range(1, size + 1):
        found = list(grown.append(tree.leaf_hash(str(number - 1).encode())))
        assert [(level, index) for level, index, _ in found] == tree.completed(number)
    assert grown.root() == tree.root(_nodes([str(number).encode() for number in range(size)]), size).hex()


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 4)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="There is no leaf"):
        tree.inclusion_proof(_nodes([]), index, size)
