"""One panel of rows: marks with intervals, thresholds and chance, on a percent axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.numbers import MINUS
from reports.plots.palette import code
from reports.plots.row import Mark, Row

_MARKERS = {"model": "o", "base": "s"}


def axis(axes: Any, rows: Sequence[Row], values: Iterable[float], *, difference: bool) -> None:
    """Set up an axis of shares (0 to 100% at least) or of differences (zero in sight), with light vertical lines."""
    seen = list(values)
    low, high = (-0.1, 0.1) if difference else (0.0, 1.0)
    low, high = min([low, *seen]), max([high, *seen])
    pad = 0.04 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    axes.set_ylim(-len(rows) + 0.5, 0.5)
    axes.patch.set_alpha(0)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(signed if difference else _percent))
    axes.tick_params(axis="x", length=0, labelsize=11, labelcolor=code("soft"), pad=4)
    axes.grid(axis="x", color=code("line"), linewidth=1)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if difference:
        axes.axvline(0, color=code("soft"), linewidth=1)


def marks(axes: Any, y: float, drawn: Sequence[Mark], *, spread: float = 0.17) -> None:
    """Draw estimates at height `y`, model above base where both are there."""
    shifts = {mark.role: (spread if mark.role == "model" else -spread) * (len(drawn) > 1) for mark in drawn}
    for mark in drawn:
        here, colour = y + shifts[mark.role], code(mark.role)
        if mark.low is not None and mark.high is not None:
            axes.plot([mark.low, mark.high], [here, here], color=colour, linewidth=2, solid_capstyle="butt")
        axes.plot(
            [mark.estimate],
            [here],
            marker=_MARKERS[mark.role],
            markersize=7,
            color=colour,
            markerfacecolor=colour if mark.role == "model" else code("paper"),
            markeredgewidth=1.6,
            clip_on=False,
            zorder=3,
        )


def tick(axes: Any, y: float, value: float | None, *, chance: bool = False, reach: float = 0.36) -> None:
    """A vertical line up and down by `reach`: solid for a threshold, dotted for chance; nothing for None."""
    if value is not None:
        style: dict[str, Any] = (
            {"color": code("soft"), "linewidth": 1.5, "linestyle": (0, (1, 1.5))}
            if chance
            else {"color": code("limit"), "linewidth": 2.2}
        )
        axes.plot([value, value], [y - reach, y + reach], solid_capstyle="butt", zorder=2.5, **style)


def extent(drawn: Iterable[Mark | None], limits: Iterable[float | None]) -> list[float]:
    """Every value that has to be in sight."""
    values = [end for mark in drawn if mark for end in (mark.estimate, mark.low, mark.high) if end is not None]
    return values + [limit for limit in limits if limit is not None]


def _percent(value: float, _place: int) -> str:
    return f"{value * 100:.0f}%".replace("-", MINUS)


def signed(value: float, _place: int) -> str:
    """A difference of shares in points, for the ticks of an axis."""
    text = f"{value * 100:+.0f}"
    return "0" if text in ("+0", "-0") else text.replace("-", MINUS)
