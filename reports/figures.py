"""Which figures a digest gives rise to: chosen by the findings and tags that exist, never by a probe's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.core.measure import metric_words
from reports.grouping import Group, Key, grouped, resting_on, spaced, subject
from reports.measured import fits_a_percent_axis
from reports.plots.forest import forest
from reports.plots.outcomes import bars
from reports.plots.row import Mark, Role, Row, spoken
from reports.plots.split import curve, dots
from reports.plots.svg import inline, settings
from reports.schema import Digest, FindingPart
from reports.text import label

WIDE, NARROW = 720, 348
MAX_ROWS, MAX_SPLITS, MAX_VALUES = 14, 24, 14

_SIZE = re.compile(r"(\d{1,4})\s*[x×]\s*\d{1,4}")
_WHO = {"model": "Model", "base": "Base model"}
SCALES = frozenset({"severity", "similarity", "grid_size", "grid", "size", "radius", "level"})


@dataclass(frozen=True)
class Figure:
    """An inline SVG with its heading and caption; `narrow` is a second drawing for small screens, "" where `wide`
    serves both. Both are our own markup, ready for the page; title and caption are text."""

    name: str
    title: str
    caption: str
    wide: str
    narrow: str = ""


@dataclass(frozen=True)
class Split:
    """Rows of one metric that differ in the value of one tag."""

    title: str
    scoring: str
    rows: tuple[Row, ...]
    positions: tuple[float, ...] | None
    sample: str


def headline_figure(digest: Digest) -> Figure | None:
    """The forest plot of headline findings, or None where there is nothing to plot."""
    groups = [group for group in grouped(digest["findings"]).values() if _plottable(group)]
    head = [group for group in groups if group.primary or (not subject(group.first) and _scored(group))]
    head.sort(key=lambda group: not group.primary)
    if not head:
        return None
    names = _names(digest)
    rows = [_row(group, names) for group in head[:MAX_ROWS]]
    left = len(head) - len(rows)
    more = f" {left} more are in the table of all results." if left else ""
    caption = f"Headline scores with their intervals; each rests on {resting_on(map(_score, head[:MAX_ROWS]))}.{more}"
    with settings():
        drawn = [
            inline(forest(rows, width=width), name=f"forest-{size}", title="Headline scores", description=spoken(rows))
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        ]
    return Figure("forest", "Headline scores", caption, *drawn)


def outcome_figure(digest: Digest) -> Figure | None:
    """The outcome bars of every assessed probe and model, or None where no answer was counted."""
    names = _names(digest)
    counts = [
        (
            f"{names[probe['name']]}{'Model' if role == 'model' else 'Base model'}, n = {sum(outcomes.values()):,}",
            outcomes,
        )
        for probe in digest["probes"]
        for role, outcomes in sorted(probe["outcomes"].items(), reverse=True)
        if sum(outcomes.values())
    ]
    if not counts:
        return None
    description = " ".join(_counted(label, count) for label, count in counts)
    with settings():
        drawn = [
            inline(
                bars(counts, width=width),
                name=f"outcomes-{size}",
                title="What became of the answers",
                description=description,
            )
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        ]
    return Figure(
        "outcomes",
        "What became of the answers",
        "Clean answers under strict scoring; the numbers are under Probes and controls.",
        *drawn,
    )


def _names(digest: Digest) -> dict[str, str]:
    """What to put before a row of each probe: nothing where only one was assessed, else the short form of its title."""
    assessed = [probe for probe in digest["probes"] if probe["status"] == "assessed"]
    if len(assessed) < 2:
        return dict.fromkeys((probe["name"] for probe in digest["probes"]), "")
    return {probe["name"]: label(re.split("[:,]", probe["title"])[0], 24) + ", " for probe in digest["probes"]}


def split_figures(digest: Digest) -> list[Figure]:
    """Scores by tier, by format, by size, ...: a small figure for each metric and tag with at least two values."""
    figures = []
    with settings():
        for place, split in enumerate(splits(digest["findings"])[:MAX_SPLITS]):
            drawn = (
                dots(split.rows, width=NARROW)
                if split.positions is None
                else curve(split.rows, split.positions, width=NARROW)
            )
            svg = inline(drawn, name=f"split-{place}", title=split.title, description=spoken(split.rows))
            figures.append(Figure(f"split-{place}", split.title, _caption(split), svg))
    return figures


def _caption(split: Split) -> str:
    return f"{split.scoring.capitalize()} scoring, with intervals; each rests on {split.sample}."


def splits(findings: Sequence[FindingPart]) -> list[Split]:
    """All splits by one tag, simplest first; a finding is plotted once."""
    buckets: dict[tuple[Key, str], dict[str, Group]] = {}
    for (probe, metric, scoring, tags), group in grouped(findings).items():
        if not tags or not _plottable(group) or group.model is None:
            continue
        for tag, value in tags:
            rest = tuple(pair for pair in tags if pair[0] != tag)
            buckets.setdefault(((probe, metric, scoring, rest), tag), {})[value] = group
    plotted: set[str] = set()
    made = []
    for ((_, metric, scoring, rest), tag), groups in sorted(buckets.items(), key=_simplicity):
        ids = {group.first["id"] for group in groups.values()}
        if len(groups) >= 2 and not ids <= plotted:
            plotted |= ids
            made.append(_split(metric, scoring, rest, tag, groups))
    return made


def _simplicity(bucket: tuple[tuple[Key, str], object]) -> tuple[int, int]:
    """Few fixed tags before many; strict scoring before controls before what only serves comparison."""
    ((_, _, scoring, rest), _), _ = bucket
    return len(rest), ("strict", "control", "published").index(scoring)


def _split(metric: str, scoring: str, rest: Sequence[tuple[str, str]], tag: str, groups: Mapping[str, Group]) -> Split:
    sizes = {value: _size(tag, value) for value in groups}
    known = [size for size in sizes.values() if size is not None]
    scale = len(known) == len(groups) and len(set(known)) == len(groups)
    order = sorted(groups, key=lambda value: (sizes[value] or 0.0, value) if scale else (0.0, value))[:MAX_VALUES]
    rows = tuple(_value_row(spaced(value), groups[value]) for value in order)
    also = "".join(f", {spaced(key)} {spaced(value)}" for key, value in rest)
    title = label(f"{metric_words(metric).capitalize()} by {spaced(tag)}{also}", 120)
    positions = tuple(sizes[value] or 0.0 for value in order) if scale else None
    return Split(title, scoring, rows, positions, resting_on(_score(groups[value]) for value in order))


def _size(tag: str, value: str) -> float | None:
    grid = _SIZE.fullmatch(value.strip())
    if grid:
        return float(grid[1])
    if tag in SCALES and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value):
        return float(value)
    return None


def _row(group: Group, names: Mapping[str, str]) -> Row:
    first, difference = group.first, group.difference
    tags = "".join(f", {spaced(value)}" for value in subject(first).values())
    title = first["title"] if group.model else metric_words(first["metric"]).capitalize()
    detail = f"{names.get(first['probe'], '')}{first['scoring']} scoring{tags}"
    row = _value_row(title, group)
    limit = None if difference is None else _harm(difference)
    return replace(row, detail=label(detail, 80), difference=_mark(difference, "model"), difference_limit=limit)


def _harm(difference: FindingPart) -> float | None:
    """The limit of a difference: the policy's threshold, else the margin on the side of harm."""
    margin = difference["margin"]
    if difference["threshold"] is not None or margin is None:
        return difference["threshold"]
    return {"higher": -margin, "lower": margin, "none": None}[difference["direction"]]


def _score(group: Group) -> FindingPart | None:
    return group.model or group.base or group.difference


def _value_row(text: str, group: Group) -> Row:
    found = group.model or group.base
    limit, null = (found["threshold"], found["null"]) if found else (None, None)
    reference = "asked again" if found is not None and "noise" in found["tags"] else "chance"
    return Row(label(text, 80), marks=_marks(group), limit=limit, null=null, reference=reference)


def _marks(group: Group) -> tuple[Mark, ...]:
    return tuple(_both(_mark(group.model, "model"), _mark(group.base, "base")))


def _both(*marks: Mark | None) -> Iterator[Mark]:
    yield from (mark for mark in marks if mark is not None)


def _mark(finding: FindingPart | None, role: Role) -> Mark | None:
    if finding is None or finding["estimate"] is None:
        return None
    return Mark(role, finding["estimate"], finding["ci_low"], finding["ci_high"])


def _plottable(group: Group) -> bool:
    found = [one for one in (group.model, group.base, group.difference) if one is not None]
    return all(map(fits_a_percent_axis, found)) and any(one["estimate"] is not None for one in found)


def _scored(group: Group) -> bool:
    return group.model is not None and group.first["scoring"] != "control"


def _counted(label: str, count: Mapping[str, int]) -> str:
    return (
        f"{label}: "
        + ", ".join(f"{number} {'missing' if key == 'error' else key}" for key, number in count.items())
        + "."
    )
