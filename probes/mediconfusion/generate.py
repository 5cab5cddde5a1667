"""Pairs from any labelled images: alike in layout, with different answers to one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.dataset import Record
from audit.core.errors import InputError
from audit.data.clusters import connected_components
from probes.mediconfusion.config import Options
from probes.mediconfusion.mining import Mined, Wanted, mine
from probes.mediconfusion.rows import Pair
from probes.mediconfusion.similarity import layouts_and_details, pooled

if TYPE_CHECKING:
    import numpy as np

    from probes.mediconfusion.similarity import Grid

ALIKE, DIFFERENT = 0.9, 0.75
MOST_IMAGES = 1000


@dataclass(frozen=True)
class Made:
    """The pairs that could be built, and what could not be, in words."""

    pairs: tuple[Pair, ...]
    skipped: tuple[str, ...] = ()


def generate(records: Sequence[Record], options: Options, rng: np.random.Generator) -> Made:
    """Pairs whose images agree in coarse layout (cosine at least 0.9) and differ in detail (at most 0.75).

    Of more than a thousand images a thousand are drawn by chance. Every patient (image, where unknown) is in one pair
    of each kind at most. Images that cannot be read are passed over.
    """
    drawn = [records[place] for place in sorted(rng.permutation(len(records))[:MOST_IMAGES].tolist())]
    seen = [(record, grid) for record in drawn if (grid := _grid(record)) is not None]
    if len(seen) < 2:
        return Made((), ("There are fewer than two images to make pairs of.",))
    kept = [record for record, _ in seen]
    views = layouts_and_details([grid for _, grid in seen])
    wanted = Wanted(ALIKE, DIFFERENT, options.by, options.n_pairs, options.n_easy)
    found = mine(kept, views, wanted, [record.cluster for record in kept], rng)
    clusters = connected_components((kept[one.first].cluster, kept[one.second].cluster) for one in found)
    pairs = tuple(_pair(place, mined, kept, clusters) for place, mined in enumerate(found))
    made = sum(not pair.easy for pair in pairs)
    if not made:
        return Made((), (f"No two images are alike and differ in {', '.join(options.by)} or in a question's answer.",))
    short = made < options.n_pairs
    return Made(pairs, (f"{made} of {options.n_pairs} confusable pairs could be built.",) if short else ())


def _pair(place: int, mined: Mined, records: Sequence[Record], clusters: Mapping[str, str]) -> Pair:
    both = records[mined.first], records[mined.second]
    kinds = tuple(record.labels.get("modality", "") for record in both)
    one, two = ((kind,) if kind else () for kind in kinds)
    return Pair(
        id=f"{'easy' if mined.easy else 'pair'}-{place:04d}",
        cluster=clusters[both[0].cluster],
        question=mined.question,
        options=mined.options,
        images=(both[0].image, both[1].image),
        correct=mined.correct,
        categories=(one, two),
        alike=mined.alike,
        different=mined.different,
        easy=mined.easy,
    )


def _grid(record: Record) -> Grid | None:
    try:
        return pooled(record.image)
    except InputError:
        return None
