"""The eight rows of a base grid: formats, polarity, positions and options."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Literal, get_args

from audit.core.query import Decoding, Option
from probes.parsing.positions import NONE, position_names

Format = Literal["detection_mcq", "detection_open", "referring_mcq", "referring_open", "visual_referring"]
Polarity = Literal["positive", "negative"]
FORMATS: tuple[Format, ...] = get_args(Format)
NONE_TEXT = "None - all images are the same"
# Token limits of the published protocol.
_TOKENS: dict[Format, int] = {
    "detection_mcq": 32,
    "detection_open": 96,
    "referring_mcq": 32,
    "referring_open": 96,
    "visual_referring": 64,
}


@dataclass(frozen=True)
class Row:
    """One row of a base grid: `suffix` ends its id; `published` says whether the published data has such a row."""

    suffix: str
    format: Format
    polarity: Polarity
    published: bool = True


ROWS: tuple[Row, ...] = (
    Row("det_mcq", "detection_mcq", "positive"),
    Row("det_open", "detection_open", "positive"),
    Row("ref_mcq", "referring_mcq", "positive"),
    Row("ref_open", "referring_open", "positive"),
    Row("vis_pos", "visual_referring", "positive"),
    Row("det_mcq_neg", "detection_mcq", "negative"),
    Row("det_open_neg", "detection_open", "negative"),
    Row("vis_neg", "visual_referring", "negative"),
    # Only under uniform prompts: the published ones take it for granted that the anomaly is there.
    Row("ref_mcq_neg", "referring_mcq", "negative", published=False),
    Row("ref_open_neg", "referring_open", "negative", published=False),
)


def decoding(kind: Format) -> Decoding:
    """Greedy, with the published token limit of the format."""
    return Decoding(max_new_tokens=_TOKENS[kind])


def grid_tag(n: int) -> str:
    """The tag of an n x n grid: "3x3"."""
    return f"{n}x{n}"


def grid_side(tag: str) -> int:
    """The side that a grid tag stands for."""
    return int(tag.partition("x")[0])


def options_for(kind: Format, n: int) -> tuple[Option, ...]:
    """What an answer is read against: letters A.. for the positions in reading order and one for none (MCQ), the
    positions and "none" themselves (open), or yes and no (visual)."""
    if kind == "visual_referring":
        return Option("yes", "yes"), Option("no", "no")
    names = position_names(n)
    if kind.endswith("_open"):
        return tuple(Option(name, name) for name in (*names, NONE))
    return tuple(
        Option(letter, text) for letter, text in zip(string.ascii_uppercase, (*names, NONE_TEXT), strict=False)
    )


def target_of(row: Row, n: int, position: int) -> str:
    """The right answer of a row whose outlier (if it has one) stands at `position` (0-based, reading order)."""
    if row.format == "visual_referring":
        return "yes" if row.polarity == "positive" else "no"
    place = position if row.polarity == "positive" else n * n
    return options_for(row.format, n)[place].label


def chance(kind: str, n: int) -> float:
    """The share that a uniformly random choice among the offered answers gets right."""
    return 0.5 if kind == "visual_referring" else 1 / (n * n + 1)
