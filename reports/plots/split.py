"""Scores split by one tag: dots in rows, or a curve where the tag is a size."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from reports.plots import panel
from reports.plots.palette import code
from reports.plots.row import Mark, Role, Row
from reports.plots.svg import canvas, words
from reports.text import label

_PITCH, _FOOT, _LABEL = 34, 26, 124
_MARKERS: dict[Role, str] = {"model": "o", "base": "s"}


def dots(rows: Sequence[Row], *, width: float) -> Figure:
    """One row per value of the tag, label on the left."""
    height = _PITCH * len(rows) + _FOOT + 6
    figure = canvas(width, height)
    axes = figure.add_axes((_LABEL / width, _FOOT / height, 1 - (_LABEL + 10) / width, _PITCH * len(rows) / height))
    limits = [limit for row in rows for limit in (row.limit, row.null)]
    panel.axis(axes, rows, panel.extent([mark for row in rows for mark in row.marks], limits), difference=False)
    for place, row in enumerate(rows):
        panel.tick(axes, -place, row.null, chance=True)
        panel.tick(axes, -place, row.limit)
        panel.marks(axes, -place, row.marks)
        y = (_FOOT + _PITCH * (len(rows) - place - 0.5)) / height
        words(figure, 0, y, label(row.label, 18), size=12, va="center")
    return figure


def curve(rows: Sequence[Row], positions: Sequence[float], *, width: float) -> Figure:
    """Scores over a size (`positions`, in any unit): one line per model, intervals as bars."""
    height = 230
    figure = canvas(width, height)
    axes = figure.add_axes((44 / width, 34 / height, 1 - 60 / width, 1 - 48 / height))
    values = panel.extent([mark for row in rows for mark in row.marks], [row.null for row in rows])
    step = (max(positions) - min(positions)) or 1.0
    for role, shift in (("model", -0.006), ("base", 0.006)):
        _line(axes, rows, [x + shift * step for x in positions], role)
    chance = [(x, row.null) for x, row in zip(positions, rows, strict=True) if row.null is not None]
    if chance:
        axes.plot(*zip(*chance, strict=True), color=code("soft"), linewidth=1.5, linestyle=(0, (1, 1.5)))
    low, high = min([0.0, *values]), max([1.0, *values])
    axes.set_ylim(low - 0.03, high + 0.03)
    axes.set_xlim(min(positions) - 0.12 * step, max(positions) + 0.12 * step)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:.0%}"))
    axes.set_xticks(positions, [label(row.label, 8) for row in rows], parse_math=False)
    axes.tick_params(length=0, labelsize=11.5, labelcolor=code("soft"))
    axes.grid(axis="y", color=code("line"), linewidth=1)
    axes.set_axisbelow(True)
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _line(axes: object, rows: Sequence[Row], positions: Sequence[float], role: Role | str) -> None:
    held: list[tuple[float, Mark]] = [
        (x, mark) for x, row in zip(positions, rows, strict=True) for mark in row.marks if mark.role == role
    ]
    draw = axes.plot  # type: ignore[attr-defined]
    colour = code(role)
    draw([x for x, _ in held], [mark.estimate for _, mark in held], color=colour, linewidth=1.4)
    for x, mark in held:
        if mark.low is not None and mark.high is not None:
            draw([x, x], [mark.low, mark.high], color=colour, linewidth=2, solid_capstyle="butt")
        face = colour if role == "model" else code("paper")
        marker = _MARKERS[mark.role]
        draw([x], [mark.estimate], marker=marker, markersize=7, color=colour, markerfacecolor=face, zorder=3)
