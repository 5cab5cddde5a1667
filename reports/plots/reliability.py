"""Reliability: how often a model is right against how sure it is, with the diagonal where both are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from reports.plots.palette import code
from reports.plots.row import Role
from reports.plots.svg import canvas
from reports.schema import BinPart

_STYLES: Mapping[Role, tuple[str, str]] = {"model": ("o", "-"), "base": ("s", "--")}


def reliability(bins: Mapping[Role, Sequence[BinPart]], *, width: float) -> Figure:
    """One line per model through its bins, intervals as vertical bars, on square axes from 0 to 100%."""
    figure = canvas(width, width)
    axes = figure.add_axes((60 / width, 46 / width, 1 - 80 / width, 1 - 60 / width))
    _axes(axes)
    roles: tuple[Role, ...] = ("base", "model")
    for role in roles:
        if role in bins:
            _line(axes, sorted(bins[role], key=lambda part: part["confidence"]), role)
    return figure


def _axes(axes: Any) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    axes.set_xlabel("Confidence", fontsize=12, color=code("soft"))
    axes.set_ylabel("Right", fontsize=12, color=code("soft"))
    axes.tick_params(length=0, labelsize=11, labelcolor=code("soft"))
    axes.grid(color=code("line"), linewidth=1)
    axes.plot([0, 1], [0, 1], color=code("soft"), linewidth=1.5, linestyle=(0, (1, 1.5)))
    axes.set_axisbelow(True)
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _line(axes: Any, parts: Sequence[BinPart], role: Role) -> None:
    marker, style = _STYLES[role]
    colour = code(role)
    for part in parts:
        if part["low"] is not None and part["high"] is not None:
            axes.plot([part["confidence"]] * 2, [part["low"], part["high"]], color=colour, linewidth=1.4)
    xs, ys = [part["confidence"] for part in parts], [part["right"] for part in parts]
    axes.plot(xs, ys, color=colour, linewidth=1.4, linestyle=style, zorder=3)
    face = colour if role == "model" else code("paper")
    axes.plot(xs, ys, marker=marker, markersize=7, linestyle="none", color=colour, markerfacecolor=face,
              markeredgewidth=1.6, zorder=4)  # fmt: skip
