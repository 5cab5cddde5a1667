"""Outcome bars: of all clean answers, how many were right, wrong, or could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from audit.core.observation import OUTCOMES
from reports.plots.palette import code
from reports.plots.svg import canvas, words

NAMES: Mapping[str, str] = {**{outcome: outcome for outcome in OUTCOMES}, "error": "missing"}
_PITCH, _BAR = 52, 22
_LETTER = 6.4  # px per character of a label, generous


def bars(counts: Sequence[tuple[str, Mapping[str, int]]], *, width: float) -> Figure:
    """One bar per (label, counts by outcome): shares of all, in the fixed order of outcomes; empty counts are left
    blank. Parts wide enough say what they are; the numbers belong in a table beside the plot."""
    height = _PITCH * len(counts)
    figure = canvas(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    for place, (label, count) in enumerate(counts):
        top = _PITCH * place
        words(axes, 0, top + 10, label, size=12, va="center", fontweight="bold")
        total, left = sum(count.values()), 0.0
        for outcome in OUTCOMES:
            size = width * count.get(outcome, 0) / total if total else 0.0
            if size > 0:
                _part(axes, left, top + 20, size, outcome, count[outcome] / total)
            left += size
    return figure


def _part(axes: object, left: float, top: float, size: float, outcome: str, share: float) -> None:
    axes.barh(  # type: ignore[attr-defined]
        top + _BAR / 2, size, _BAR, left=left, color=code(outcome), edgecolor=code("paper"), linewidth=1.5
    )
    for text in (f"{NAMES[outcome]} {share:.0%}", NAMES[outcome]):
        if len(text) * _LETTER + 12 <= size:
            words(axes, left + 7, top + _BAR / 2 + 0.5, text, size=11.5, va="center")
            return
