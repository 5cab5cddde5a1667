"""The forest plot of slices: each against the rest, raw and at equal case mix, for model and base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from audit.core.measure import metric_words
from reports.figures import NARROW, WIDE, Figure
from reports.grouping import resting_on, spaced, subject
from reports.measured import fits_a_percent_axis
from reports.plots.beside import beside
from reports.plots.row import Mark, Row, spoken
from reports.plots.svg import inline, settings
from reports.schema import Digest, FindingPart
from reports.text import label

SLICE, MIX = "slice", "mix"
MIXES = {"raw": "Raw", "standardised": "At equal case mix"}
MOST_ROWS = 24
Found = dict[tuple[str, str], FindingPart]  # by (mix, role)


def slice_figures(digest: Digest) -> list[Figure]:
    """A forest plot for each metric whose differences between a slice and the rest are known, the columns of the data
    one after another, and within a column the worst slice first."""
    metrics: dict[tuple[str, str], dict[str, Found]] = defaultdict(lambda: defaultdict(dict))
    for finding in digest["findings"]:
        tags = subject(finding)
        if tags.keys() == {SLICE, MIX} and tags[MIX] in MIXES and _drawn(finding):
            role = "base" if finding["model"] == "base" else "model"
            metrics[finding["metric"], finding["scoring"]][tags[SLICE]][tags[MIX], role] = finding
    with settings():
        return [_figure(place, *key, slices) for place, (key, slices) in enumerate(metrics.items())]


def _drawn(finding: FindingPart) -> bool:
    """Whether it is a difference with an interval: a point that rests on one kind of question would look like a
    result. A ratio has 1 as the value of no difference."""
    plain = finding["comparison"] == "between_slices" and finding["null"] in (None, 0)
    held = finding["estimate"] is not None and finding["ci_low"] is not None
    return plain and held and fits_a_percent_axis(finding)


def _figure(place: int, metric: str, scoring: str, slices: Mapping[str, Found]) -> Figure:
    shown = _chosen(slices)
    panels = [
        (f"{title}, points", [_row(which, slices[which], mix) for which in shown])
        for mix, title in MIXES.items()
        if any((mix, role) in slices[which] for which in shown for role in ("model", "base"))
    ]
    title = f"Each slice against the rest: {metric_words(metric)}"
    told = " ".join(f"{panel}: {spoken([row for row in rows if row.marks])}" for panel, rows in panels)
    drawn = [
        inline(beside(panels, width=width), name=f"slices-{place}-{size}", title=title, description=told)
        for size, width in (("wide", WIDE), ("narrow", NARROW))
    ]
    left = len(slices) - len(shown)
    more = f" {left} more are in the table of all results." if left else ""
    sample = resting_on(part for which in shown for part in slices[which].values())
    caption = (
        f"Slice less the rest, {scoring} scoring, with intervals; each rests on {sample}. At equal case mix both sides "
        "are weighted to the same kinds of question and right answers; where that leaves no interval, nothing is drawn."
        f" Slices of few independent groups are shown and not tested.{more}"
    )
    return Figure(f"slices-{place}", label(title, 120), caption, *drawn)


def _chosen(slices: Mapping[str, Found]) -> list[str]:
    """The slices that are shown, at most `MOST_ROWS`: large ones before small ones, ordered as they are read."""
    kept = sorted(slices, key=lambda which: (_few(slices[which]), _place(which, slices[which])))[:MOST_ROWS]
    return sorted(kept, key=lambda which: _place(which, slices[which]))


def _place(which: str, found: Found) -> tuple[str, float, str]:
    part = found.get(("raw", "model")) or next(iter(found.values()))
    estimate = part["estimate"] or 0.0
    return which.partition("=")[0], -estimate if part["direction"] == "lower" else estimate, which


def _few(found: Found) -> bool:
    return any(part["tags"].get("few_clusters") == "yes" for (mix, _), part in found.items() if mix == "raw")


def _row(which: str, found: Found, mix: str) -> Row:
    column, equals, value = which.partition("=")
    text = f"{spaced(column)}: {spaced(value)}" if equals else spaced(which)
    marks = [_mark(role, found[mix, role]) for role in ("model", "base") if (mix, role) in found]
    return Row(label(text, 80), "few independent groups" if _few(found) else "", tuple(marks))


def _mark(role: str, part: FindingPart) -> Mark:
    return Mark("base" if role == "base" else "model", part["estimate"] or 0.0, part["ci_low"], part["ci_high"])
