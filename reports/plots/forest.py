"""Forest plot: headline findings, model and base side by side, and the difference in a panel of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from reports.plots import panel
from reports.plots.row import Row
from reports.plots.svg import canvas, words
from reports.text import label

_HEAD, _FOOT, _PITCH, _NARROW_PITCH = 26, 26, 44, 62


def forest(rows: Sequence[Row], *, width: float) -> Figure:
    """Rows from top to bottom: beside their labels where there is room, under them where `width` is below 500 px."""
    both = any(row.difference for row in rows)
    return _wide(rows, width, both) if width >= 500 else _narrow(rows, width, both)


def _wide(rows: Sequence[Row], width: float, both: bool) -> Figure:
    height = _HEAD + _FOOT + _PITCH * len(rows)
    figure = canvas(width, height)
    split = 0.66 if both else 1.0
    left, end = 236 / width, split - 16 / width
    scores = _axes(figure, left, end, height)
    _scores(scores, rows)
    words(figure, left, 1 - 12 / height, "Score", colour="soft", size=11.5, va="center")
    if both:
        begin, last = split + 14 / width, 1 - 12 / width
        _differences(_axes(figure, begin, last, height), rows)
        title = "Model minus base, points"
        words(figure, begin, 1 - 12 / height, title, colour="soft", size=11.5, va="center")
    for place, row in enumerate(rows):
        y = 1 - (_HEAD + _PITCH * (place + 0.5)) / height
        shift = 8 / height if row.detail else 0
        words(figure, 0, y + shift, label(row.label, 30), size=12.5, va="center", fontweight="bold")
        words(figure, 0, y - 9 / height, label(row.detail, 38), colour="soft", size=11, va="center")
    return figure


def _axes(figure: Figure, left: float, right: float, height: float) -> Any:
    return figure.add_axes((left, _FOOT / height, right - left, 1 - (_HEAD + _FOOT) / height))


def _narrow(rows: Sequence[Row], width: float, both: bool) -> Figure:
    compared = [row for row in rows if row.difference] if both else []
    first = _HEAD + _FOOT + _NARROW_PITCH * len(rows)
    second = _HEAD + _FOOT + _NARROW_PITCH * len(compared) if compared else 0
    figure = canvas(width, first + second)
    _stack(figure, rows, top=0, height=first + second, title="Score", difference=False)
    if compared:
        _stack(figure, compared, top=first, height=first + second, title="Model minus base, points", difference=True)
    return figure


def _stack(figure: Figure, rows: Sequence[Row], *, top: float, height: float, title: str, difference: bool) -> None:
    body = _NARROW_PITCH * len(rows)
    bottom = 1 - (top + _HEAD + body) / height
    axes = figure.add_axes((0.02, bottom, 0.96, body / height))
    (_differences if difference else _scores)(axes, rows, sink=-0.2, reach=0.25)
    words(figure, 0, 1 - (top + 12) / height, title, colour="soft", size=12, va="center")
    for place, row in enumerate(rows):
        y = 1 - (top + _HEAD + _NARROW_PITCH * place + 12) / height
        words(figure, 0, y, label(row.label, 42), size=13, va="center", fontweight="bold")


def _scores(axes: Any, rows: Sequence[Row], sink: float = 0.0, reach: float = 0.36) -> None:
    drawn = [mark for row in rows for mark in row.marks]
    limits = [limit for row in rows for limit in (row.limit, row.null)]
    panel.axis(axes, rows, panel.extent(drawn, limits), difference=False)
    for place, row in enumerate(rows):
        panel.tick(axes, -place + sink, row.null, chance=True, reach=reach)
        panel.tick(axes, -place + sink, row.limit, reach=reach)
        panel.marks(axes, -place + sink, row.marks)


def _differences(axes: Any, rows: Sequence[Row], sink: float = 0.0, reach: float = 0.36) -> None:
    drawn = [row.difference for row in rows]
    panel.axis(axes, rows, panel.extent(drawn, [row.difference_limit for row in rows]), difference=True)
    for place, row in enumerate(rows):
        panel.tick(axes, -place + sink, row.difference_limit, reach=reach)
        if row.difference:
            panel.marks(axes, -place + sink, [row.difference])
