"""Connected components: things that share anything, directly or over others, belong to one cluster."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def connected_components(groups: Iterable[Iterable[Node]]) -> dict[Node, Node]:
    """Every node to the first-seen node of its component.

    A group (an edge, or any set of nodes that belong together) joins all its nodes; a group of one only makes its
    node known. The result does not depend on the order inside a group beyond which node comes first. O(n log n).
    """
    parent: dict[Node, Node] = {}
    rank: dict[Node, int] = {}

    def root(node: Node) -> Node:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for group in groups:
        anchor: Node | None = None
        for node in group:
            if node not in parent:
                parent[node] = node
                rank[node] = len(rank)
            top = root(node)
            if anchor is None or anchor == top:
                anchor = top
                continue
            first, later = sorted((anchor, top), key=rank.__getitem__)
            parent[later] = first
            anchor = first
    return {node: root(node) for node in parent}
