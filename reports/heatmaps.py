"""Which heat maps a digest gives rise to: differences that two tags tell apart, one of them a scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from audit.core.measure import metric_words
from reports.figures import NARROW, SCALES, Figure
from reports.grouping import resting_on, spaced, subject
from reports.measured import fits_a_percent_axis
from reports.plots.heat import heat
from reports.plots.svg import inline, settings
from reports.schema import Digest, FindingPart
from reports.text import label

MOST_ROWS, MOST_MAPS = 24, 4
Grid = dict[tuple[str, str], FindingPart]


def heat_figures(digest: Digest) -> list[Figure]:
    """A heat map for each metric whose difference from clean (of the model) is known at two steps of a scale or more,
    for two values of another tag or more."""
    grids: dict[tuple[str, str, str, str], Grid] = defaultdict(dict)
    for finding in digest["findings"]:
        tags = subject(finding)
        scales = [tag for tag in tags if tag in SCALES and tags[tag].isdecimal()]
        if _drawn(finding) and len(tags) == 2 and len(scales) == 1:
            (scale,), (other,) = scales, [tag for tag in tags if tag not in scales]
            grids[finding["metric"], finding["scoring"], other, scale][tags[other], tags[scale]] = finding
    figures: list[Figure] = []
    with settings():
        for (metric, scoring, other, scale), grid in list(grids.items())[:MOST_MAPS]:
            rows, columns = ({pair[place]: None for pair in grid} for place in (0, 1))
            if len(rows) > 1 and len(columns) > 1:
                title = f"{metric_words(metric).capitalize()} from clean by {spaced(other)} and {spaced(scale)}"
                figures.append(_figure(len(figures), title, scoring, grid))
    return figures


def _drawn(finding: FindingPart) -> bool:
    model = finding["comparison"] == "vs_clean" and finding["model"] == "model"
    return model and finding["estimate"] is not None and fits_a_percent_axis(finding)


def _figure(place: int, title: str, scoring: str, grid: Mapping[tuple[str, str], FindingPart]) -> Figure:
    rows = sorted(dict.fromkeys(row for row, _ in grid), key=lambda row: _worst(row, grid))[:MOST_ROWS]
    columns = sorted(dict.fromkeys(column for _, column in grid), key=int)
    cells = {(spaced(row), column): _cell(grid[row, column]) for row, column in grid if row in rows}
    drawn = heat([spaced(row) for row in rows], columns, cells, width=NARROW)
    svg = inline(drawn, name=f"heat-{place}", title=title, description=_spoken(rows, columns, grid))
    caption = (
        f"Points against the clean image, model, {scoring} scoring; darker is worse, the worst row first. Each cell "
        f"rests on {resting_on(grid.values())}; the intervals are in the table of all results."
    )
    return Figure(f"heat-{place}", label(title, 120), caption, svg)


def _cell(finding: FindingPart) -> tuple[float, float]:
    value = finding["estimate"] or 0.0
    return value, {"higher": -value, "lower": value, "none": 0.0}[finding["direction"]]


def _worst(row: str, grid: Mapping[tuple[str, str], FindingPart]) -> tuple[float, str]:
    return -max(_cell(finding)[1] for (name, _), finding in grid.items() if name == row), row


def _spoken(rows: Sequence[str], columns: Sequence[str], grid: Mapping[tuple[str, str], FindingPart]) -> str:
    lines = []
    for row in rows:
        told = [f"{column}: {_cell(grid[row, column])[0]:+.1%}" for column in columns if (row, column) in grid]
        lines.append(f"{spaced(row)}: {', '.join(told)}.")
    return "Change from the clean image. " + " ".join(lines)
