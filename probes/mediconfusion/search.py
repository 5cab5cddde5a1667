"""Exact search for pairs of images that one view finds alike and another different, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Keep = Callable[[Indices, Indices], NDArray[np.bool_]]

ROWS, COLUMNS = 1024, 4096
_GATHER = 16_384
_HELD = 2_000_000


@dataclass(frozen=True)
class Found:
    """Pairs (first < second), the most alike first, with both similarities: four arrays of shape (m,)."""

    first: Indices
    second: Indices
    alike: NDArray[np.float32]
    different: NDArray[np.float32]


def confusable_pairs(
    one: NDArray[np.float32],
    two: NDArray[np.float32],
    alike: float,
    different: float,
    keep: Keep,
    neighbours: int = 8,
) -> Found:
    """For each row, its `neighbours` most alike partners among those that qualify; every such pair once.

    `one` and `two` are embeddings of the same images, rows of length 1, shapes (n, d) and (n, e). A pair qualifies
    where the cosine in `one` is at least `alike`, that in `two` at most `different`, and `keep(first, second)` is
    true. The search is exact. Beyond the embeddings it holds one block of 1024 x 4096 cosines and at most about two
    million candidates. Ties are broken by index. Time is O(n^2 d). Raises `ValueError` for differing lengths.
    """
    if len(one) != len(two):
        raise ValueError(f"Expected embeddings of the same images but got {len(one)} and {len(two)} rows")
    held: list[NDArray[np.void]] = []
    count = 0
    for first, second, cosine in _near(one, alike):
        for start in range(0, len(first), _GATHER):
            part = slice(start, start + _GATHER)
            rows = _qualified(first[part], second[part], cosine[part], two, different, keep)
            held.append(rows)
            count += len(rows)
        if count > _HELD:
            held = [_nearest(np.concatenate(held), neighbours)]
            count = len(held[0])
    kept = _nearest(np.concatenate(held), neighbours) if held else np.zeros(0, dtype=_ROW)
    kept = kept[np.lexsort((kept["second"], kept["first"], -kept["alike"]))]
    return Found(kept["first"], kept["second"], kept["alike"], kept["different"])


_ROW = np.dtype([("first", np.int64), ("second", np.int64), ("alike", np.float32), ("different", np.float32)])


def _near(one: NDArray[np.float32], alike: float) -> Iterator[tuple[Indices, Indices, NDArray[np.float32]]]:
    """Pairs first < second with a cosine of at least `alike`, block by block of the upper triangle."""
    n = len(one)
    block = np.empty((min(ROWS, n), min(COLUMNS, n)), dtype=np.float32)
    for top in range(0, n, ROWS):
        rows = one[top : top + ROWS]
        for left in range(top - top % COLUMNS, n, COLUMNS):
            columns = one[left : left + COLUMNS]
            cosines = np.matmul(rows, columns.T, out=block[: len(rows), : len(columns)])
            first, second = np.nonzero(cosines >= alike)
            values = cosines[first, second]
            first, second = first + top, second + left
            upper = first < second
            if upper.any():
                yield first[upper], second[upper], values[upper]


def _qualified(
    first: Indices,
    second: Indices,
    cosine: NDArray[np.float32],
    two: NDArray[np.float32],
    different: float,
    keep: Keep,
) -> NDArray[np.void]:
    wanted = keep(first, second)
    first, second, cosine = first[wanted], second[wanted], cosine[wanted]
    other = np.einsum("ij,ij->i", two[first], two[second])
    apart = other <= different
    rows = np.zeros(int(apart.sum()), dtype=_ROW)
    rows["first"], rows["second"] = first[apart], second[apart]
    rows["alike"], rows["different"] = cosine[apart], other[apart]
    return rows


def _nearest(rows: NDArray[np.void], neighbours: int) -> NDArray[np.void]:
    """The rows that are among the `neighbours` most alike of their first or of their second image."""
    kept = np.zeros(len(rows), dtype=bool)
    owner = np.concatenate([rows["first"], rows["second"]])
    partner = np.concatenate([rows["second"], rows["first"]])
    place = np.tile(np.arange(len(rows)), 2)
    order = np.lexsort((partner, -np.tile(rows["alike"], 2), owner))
    owner, place = owner[order], place[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(owner)) - np.repeat(starts, np.diff(np.r_[starts, len(owner)]))
    kept[place[rank < neighbours]] = True
    return rows[kept]
