"""A name for a region cluster, from what is known about its regions: kind, place, size and whose images they are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from audit.core.reading import Box
from probes.spurious.regions.overlap import area

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOSTLY = 0.6
"""A kind or a place names a region cluster if it holds for so many of its regions."""
FEWEST = 3
"""On so many images at least a value has to go with a region before it is named."""
_PLURAL = {
    "quadrant": "quadrants",
    "grid": "cells",
    "superpixel": "superpixels",
    "text": "text",
    "mark": "marks",
    "user": "given boxes",
}
_ROWS, _COLUMNS = ("upper", "", "lower"), ("left", "", "right")


@dataclass(frozen=True)
class Spot:
    """A region as a name needs it: the number of its image, its kind, its box and the image's (width, height)."""

    image: int
    kind: str
    box: Box
    size: tuple[int, int]


@dataclass(frozen=True)
class Trait:
    """A value of a column of labels that goes with a region cluster: on `n_with` of the `n_value` images of that value
    and on `n_without` of the `n_other` other labelled images there is a region of it. `cramers_v` in [0, 1]."""

    column: str
    value: str
    n_with: int
    n_value: int
    n_without: int
    n_other: int
    cramers_v: float


@dataclass(frozen=True)
class Name:
    """`words` is the whole name; the rest is what it was made from. `share` is the median share of the image's area.
    `trait` is None where no value goes with the region cluster."""

    words: str
    kind: str
    place: str
    share: float
    trait: Trait | None


def name_of(spots: Sequence[Spot], labels: Sequence[Mapping[str, str]]) -> Name:
    """The name of a region cluster of these regions, among images with these `labels` (one mapping an image, a missing
    label absent). Raises `ValueError` without regions."""
    if not spots:
        raise ValueError("Expected at least one region to name but got none.")
    kind = _mostly([_PLURAL[spot.kind] for spot in spots], "regions")
    place = _mostly([place_of(spot.box, spot.size) for spot in spots], "various places")
    share = median(area(spot.box) / (spot.size[0] * spot.size[1]) for spot in spots)
    trait = trait_of({spot.image for spot in spots}, labels)
    where = f"in {place}" if place == "various places" else f"in the {place}"
    words = f"{kind} {where}, {_percent(share)} of the image"
    return Name(words if trait is None else f"{words}, {_told(trait)}", kind, place, share, trait)


def place_of(box: Box, size: tuple[int, int]) -> str:
    """The field, of nine equal ones, in which the centre of a box lies: "upper left", "upper middle", "upper right",
    "left", "centre", "right", "lower left", "lower middle" or "lower right" of the image, not of the patient."""
    column = min(3 * (box[0] + box[2]) // (2 * size[0]), 2)
    row = min(3 * (box[1] + box[3]) // (2 * size[1]), 2)
    if column == row == 1:
        return "centre"
    across = _COLUMNS[column] or ("middle" if row != 1 else "")
    return f"{_ROWS[row]} {across}".strip()


def trait_of(images: set[int], labels: Sequence[Mapping[str, str]]) -> Trait | None:
    """The column and value most over-represented among `images` (numbers of `labels`), by Cramer's V of the fourfold
    table (value or another, in `images` or not) over the images that have the column; the first in the alphabet on
    ties. None where no value is over-represented on at least three images."""
    pairs = sorted({pair for label in labels for pair in label.items()})
    traits = [trait for column, value in pairs if (trait := _trait(column, value, images, labels)) is not None]
    return max(traits, key=lambda trait: trait.cramers_v, default=None)


def nearest_words(
    embeddings: NDArray[np.float32], words: Sequence[str], texts: NDArray[np.float32], most: int = 3
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each of K region clusters the `most` words that fit it better than they fit the others, best first.

    `embeddings` (K, d) are medoids and `texts` (W, d) the embedded `words`, rows of length 1. With each word comes its
    cosine minus its mean over the region clusters (with one region cluster the cosine itself): a contrastive model puts
    some words near every image, so that the plain cosine would name all clusters alike.
    """
    cosine = embeddings @ texts.T
    excess = cosine - cosine.mean(axis=0) if len(cosine) > 1 else cosine
    order = (-excess).argsort(axis=1, kind="stable")[:, :most]
    return tuple(
        tuple((words[number], float(row[number])) for number in best) for row, best in zip(excess, order, strict=True)
    )


def _trait(column: str, value: str, images: set[int], labels: Sequence[Mapping[str, str]]) -> Trait | None:
    counts = Counter(
        (label[column] == value, number in images) for number, label in enumerate(labels) if column in label
    )
    n_with, n_without = counts[True, True], counts[False, True]
    n_value, n_other = n_with + counts[True, False], n_without + counts[False, False]
    odds = n_with * n_other - n_without * n_value
    if n_with < FEWEST or odds <= 0:
        return None
    n, n_in = n_value + n_other, n_with + n_without
    spread = n_value * n_other * n_in * (n - n_in)
    # odds > 0 leaves some on either side of both splits, so that nothing is divided by zero
    return Trait(column, value, n_with, n_value, n_without, n_other, odds / spread**0.5)


def _mostly(words: Sequence[str], otherwise: str) -> str:
    word, count = min(Counter(words).items(), key=lambda item: (-item[1], item[0]))
    return word if count >= MOSTLY * len(words) else otherwise


def _percent(share: float) -> str:
    return "less than 1%" if share < 0.01 else f"about {share:.0%}"


def _told(trait: Trait) -> str:
    return (
        f"on {trait.n_with} of {trait.n_value} images of {trait.column}={trait.value} "
        f"and {trait.n_without} of {trait.n_other} others"
    )
