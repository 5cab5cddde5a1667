"""Heat map: one number for each pair of two tags, darker the worse it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports.plots.palette import code
from reports.plots.svg import canvas, words
from reports.text import label

_HEAD, _PITCH, _LEFT = 24, 26, 136
FULL = 0.5  # a loss of fifty points has the full colour

Cells = Mapping[tuple[str, str], tuple[float, float]]


def heat(rows: Sequence[str], columns: Sequence[str], cells: Cells, *, width: float) -> Figure:
    """Rows from top to bottom, columns from left to right; `cells` holds (value, harm) as shares: the value is written
    in points, and harm above 0 colours the cell. Pairs that were not asked are left blank."""
    height = _HEAD + _PITCH * len(rows) + 4
    figure = canvas(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    side = (width - _LEFT) / len(columns)
    for place, column in enumerate(columns):
        middle = _LEFT + side * (place + 0.5)
        words(axes, middle, 12, label(column, 10), colour="soft", size=11.5, ha="center", va="center")
    for line, row in enumerate(rows):
        top = _HEAD + _PITCH * line
        words(axes, 0, top + _PITCH / 2, label(row, 22), size=12, va="center")
        for place, column in enumerate(columns):
            if (row, column) in cells:
                _cell(axes, _LEFT + side * place, top, side, *cells[row, column])
    return figure


def _cell(axes: object, left: float, top: float, side: float, value: float, harm: float) -> None:
    strength = min(max(harm, 0.0) / FULL, 1.0)
    frame = (left + 1, top + 1)
    if strength > 0:
        axes.add_patch(  # type: ignore[attr-defined]
            Rectangle(
                frame, side - 2, _PITCH - 2, facecolor=code("wrong"), edgecolor="none", alpha=0.15 + 0.55 * strength
            )
        )
    axes.add_patch(  # type: ignore[attr-defined]
        Rectangle(frame, side - 2, _PITCH - 2, facecolor="none", edgecolor=code("line"), linewidth=1)
    )
    words(axes, left + side / 2, top + _PITCH / 2, f"{100 * value:+.0f}", size=12, ha="center", va="center")
