"""Panels of differences side by side: the same rows measured in more than one way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from reports.plots import panel
from reports.plots.row import Row
from reports.plots.svg import canvas, words
from reports.text import label

_HEAD, _FOOT, _PITCH, _NARROW_PITCH, _LEFT, _GAP = 26, 26, 36, 52, 190, 26
Panels = Sequence[tuple[str, Sequence[Row]]]


def beside(panels: Panels, *, width: float) -> Figure:
    """One panel of differences for each (title, rows): side by side with the labels of the first on the left; one under
    another, each with the rows that it has, where `width` is below 500 px. All panels share one axis, so that their
    lengths compare; rows of all panels are in the same order."""
    return _wide(panels, width) if width >= 500 else _narrow(panels, width)


def _wide(panels: Panels, width: float) -> Figure:
    first = panels[0][1]
    height = _HEAD + _FOOT + _PITCH * len(first)
    figure = canvas(width, height)
    side = (width - _LEFT - _GAP * (len(panels) - 1) - 12) / len(panels)
    for place, (title, rows) in enumerate(panels):
        left = (_LEFT + place * (side + _GAP)) / width
        axes = figure.add_axes((left, _FOOT / height, side / width, 1 - (_HEAD + _FOOT) / height))
        _differences(axes, rows, _extent(panels))
        words(figure, left, 1 - 12 / height, title, colour="soft", size=11.5, va="center")
    for place, row in enumerate(first):
        y = 1 - (_HEAD + _PITCH * (place + 0.5)) / height
        shift = 7 / height if row.detail else 0
        words(figure, 0, y + shift, label(row.label, 28), size=12.5, va="center")
        words(figure, 0, y - 8 / height, label(row.detail, 32), colour="soft", size=10.5, va="center")
    return figure


def _narrow(panels: Panels, width: float) -> Figure:
    drawn = [(title, [row for row in rows if row.marks]) for title, rows in panels]
    height = sum(_HEAD + _FOOT + _NARROW_PITCH * len(rows) for _, rows in drawn)
    figure, top = canvas(width, height), 0
    for title, rows in drawn:
        body = _NARROW_PITCH * len(rows)
        axes = figure.add_axes((0.02, 1 - (top + _HEAD + body) / height, 0.96, body / height))
        _differences(axes, rows, _extent(panels), sink=-0.17)
        words(figure, 0, 1 - (top + 12) / height, title, colour="soft", size=12, va="center")
        for place, row in enumerate(rows):
            y = 1 - (top + _HEAD + _NARROW_PITCH * place + 11) / height
            text = f"{row.label} ({row.detail})" if row.detail else row.label
            words(figure, 0, y, label(text, 48), size=12.5, va="center")
        top += _HEAD + _FOOT + body
    return figure


def _extent(panels: Panels) -> list[float]:
    rows = [row for _, listed in panels for row in listed]
    return panel.extent([mark for row in rows for mark in row.marks], [row.limit for row in rows])


def _differences(axes: Any, rows: Sequence[Row], values: Sequence[float], sink: float = 0.0) -> None:
    panel.axis(axes, rows, values, difference=True)
    for place, row in enumerate(rows):
        panel.tick(axes, -place + sink, row.limit, reach=0.3)
        panel.marks(axes, -place + sink, row.marks)
