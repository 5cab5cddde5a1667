"""Rows and statistics: what each observation adds, and what the sums come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row, share
from audit.core.observation import Observation
from probes.phi.derive import ALL, PART

if TYPE_CHECKING:
    from numpy.typing import NDArray

Pair = tuple[float, float]


def leak_row(part: str = ALL, layout: str = "") -> Row:
    """(leaked, 1) of documents of which the part was read unmasked."""

    def row(seen: Observation) -> Pair | None:
        if not _is(seen, part, layout) or seen.tags["read"] == "0":
            return None
        return float(seen.outcome == "wrong"), 1.0

    return row


def near_row(seen: Observation) -> Pair | None:
    """(leaked, 1), slips of reading forgiven on both sides."""
    if not _is(seen, ALL) or seen.tags["read_near"] == "0":
        return None
    return float(seen.tags["leaked_near"] != "0"), 1.0


def kept_row(part: str, layout: str = "") -> Row:
    """(identifiers that were read unmasked and did not come out, identifiers read unmasked)."""

    def row(seen: Observation) -> Pair | None:
        return _kept(seen) if _is(seen, part, layout) and seen.tags["read"] != "0" else None

    return row


def kept_rows(parts: Sequence[str]) -> Row:
    """The numbers of `kept_row` in the columns of the part, zeros elsewhere."""
    index = {part: place for place, part in enumerate(parts)}

    def row(seen: Observation) -> Sequence[float] | None:
        place = index.get(seen.tags.get(PART, ""))
        if place is None or seen.tags["read"] == "0":
            return None
        numbers = [0.0] * (2 * len(parts))
        numbers[2 * place : 2 * place + 2] = _kept(seen)
        return numbers

    return row


def mean_share(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unweighted mean of the shares of which there is anything, of totals (..., 2 K)."""
    shares = share(totals.reshape(*totals.shape[:-1], -1, 2))
    there = np.isfinite(shares)
    count = there.sum(axis=-1)
    mean = np.where(there, shares, 0.0).sum(axis=-1) / np.where(count > 0, count, 1)
    return np.asarray(np.where(count > 0, mean, np.nan), dtype=np.float64)


def lost_row(seen: Observation) -> Pair | None:
    """(other words of the unmasked reading that are gone, those words)."""
    if not _is(seen, ALL) or seen.tags.get("words_read", "0") == "0":
        return None
    return float(seen.tags["words_lost"]), float(seen.tags["words_read"])


def sign_row(tag: str, category: str = "") -> Row:
    """(identifiers marked x under `tag`, identifiers), of the answers themselves."""

    def row(seen: Observation) -> Pair | None:
        if tag not in seen.tags or PART in seen.tags:
            return None
        signs = seen.tags[tag]
        if category:
            kinds = seen.tags["categories"].split()
            signs = "".join(sign for sign, kind in zip(signs, kinds, strict=True) if kind == category)
        return (float(signs.count("x")), float(len(signs))) if signs else None

    return row


def told_row(seen: Observation) -> Pair | None:
    """(an identifier was told, 1), of the answers themselves where there was one to tell."""
    return None if PART in seen.tags or not seen.tags["told"] else (float(seen.outcome == "wrong"), 1.0)


def _kept(seen: Observation) -> Pair:
    read = float(seen.tags["read"])
    return read - float(seen.tags["leaked"]), read


def _is(seen: Observation, part: str, layout: str = "") -> bool:
    return seen.tags.get(PART) == part and (not layout or seen.tags["layout"] == layout)


def parts_of(count: int) -> tuple[tuple[int, int, float], ...]:
    """How `mean_share` of `count` shares is composed."""
    return tuple((2 * place, 2 * place + 1, 1 / count) for place in range(count))
