"""Dose-response: the change from a reference over the steps of a scale, with bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.plots import panel
from reports.plots.palette import code
from reports.plots.row import Mark, Role
from reports.plots.svg import canvas

_HEIGHT = 220
_STYLES: Mapping[Role, tuple[str, str, float]] = {"model": ("o", "-", 0.2), "base": ("s", "--", 0.16)}

Doses = Mapping[float, Sequence[Mark]]


def dose(doses: Doses, extent: Sequence[float], *, width: float, reference: str) -> Figure:
    """Changes by dose: one line per model, its intervals as a band. At 0 stands the `reference`, where no change can
    be. `extent` are values that the vertical axis holds, so that several figures can share one."""
    figure = canvas(width, _HEIGHT)
    axes = figure.add_axes((44 / width, 30 / _HEIGHT, 1 - 60 / width, 1 - 42 / _HEIGHT))
    _axis(axes, sorted(doses), extent, reference)
    roles: tuple[Role, ...] = ("base", "model")
    for role in roles:
        held = [(x, mark) for x in sorted(doses) for mark in doses[x] if mark.role == role]
        if held:
            _line(axes, held, role)
    return figure


def _axis(axes: Any, steps: Sequence[float], extent: Sequence[float], reference: str) -> None:
    low, high = min([-0.1, *extent]), max([0.1, *extent])
    pad, span = 0.05 * (high - low), max(steps)
    axes.set_ylim(low - pad, high + pad)
    axes.set_xlim(-0.06 * span, 1.06 * span)
    axes.set_xticks([0.0, *steps], [reference, *(f"{step:g}" for step in steps)], parse_math=False)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(panel.signed))
    axes.tick_params(length=0, labelsize=11.5, labelcolor=code("soft"))
    axes.grid(axis="y", color=code("line"), linewidth=1)
    axes.axhline(0, color=code("soft"), linewidth=1)
    axes.set_axisbelow(True)
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _line(axes: Any, held: Sequence[tuple[float, Mark]], role: Role) -> None:
    marker, style, strength = _STYLES[role]
    colour = code(role)
    ends = [(x, mark.low, mark.high) for x, mark in held if mark.low is not None and mark.high is not None]
    if ends:
        xs, lows, highs = zip((0.0, 0.0, 0.0), *ends, strict=True)
        axes.fill_between(xs, lows, highs, facecolor=colour, alpha=strength, linewidth=0, edgecolor="none")
    xs, ys = zip((0.0, 0.0), *((x, mark.estimate) for x, mark in held), strict=True)
    axes.plot(xs, ys, color=colour, linewidth=1.6, linestyle=style, zorder=3)
    face = colour if role == "model" else code("paper")
    axes.plot(xs[1:], ys[1:], marker=marker, markersize=7, linestyle="none", color=colour, markerfacecolor=face,
              markeredgewidth=1.6, zorder=4)  # fmt: skip
