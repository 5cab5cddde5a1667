"""Matrix: one share for each row and column, darker the lower it is; column labels stand aslant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports.plots.palette import code
from reports.plots.svg import canvas, words
from reports.text import label

_HEAD, _PITCH, _LEFT, _RIGHT = 84, 25, 246, 30


def matrix(
    rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], float], *, width: float
) -> Figure:
    """Rows from top to bottom, columns from left to right; `cells` holds shares in [0, 1], written in percent. What
    falls short of 1 colours the cell. Pairs without a value are left blank."""
    height = _HEAD + _PITCH * len(rows) + 4
    figure = canvas(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    side = (width - _LEFT - _RIGHT) / len(columns)
    for place, column in enumerate(columns):
        words(axes, _LEFT + side * (place + 0.4), _HEAD - 6, label(column, 14), colour="soft", size=11.5,
              rotation=50, rotation_mode="anchor", ha="left", va="center")  # fmt: skip
    for line, row in enumerate(rows):
        top = _HEAD + _PITCH * line
        words(axes, 0, top + _PITCH / 2, label(row, 44), size=11, va="center")
        for place, column in enumerate(columns):
            if (row, column) in cells:
                _cell(axes, _LEFT + side * place, top, side, cells[row, column])
    return figure


def _cell(axes: Any, left: float, top: float, side: float, share: float) -> None:
    frame, harm = (left + 1, top + 1), 1 - share
    if harm > 0:
        axes.add_patch(
            Rectangle(frame, side - 2, _PITCH - 2, facecolor=code("wrong"), edgecolor="none", alpha=0.2 + 0.7 * harm)
        )
    axes.add_patch(Rectangle(frame, side - 2, _PITCH - 2, facecolor="none", edgecolor=code("line"), linewidth=1))
    whole = round(100 * share)
    told = f"{min(max(whole, 1), 99) if 0 < share < 1 else whole}"
    words(axes, left + side / 2, top + _PITCH / 2, told, size=11.5, ha="center", va="center")
