"""Dose-response curves: how far a score moves from the clean images with each step of a scale, for model and base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from audit.core.measure import metric_words
from reports.figures import NARROW, SCALES, Figure
from reports.grouping import resting_on, spaced, subject
from reports.measured import fits_a_percent_axis
from reports.plots.dose import dose
from reports.plots.panel import extent
from reports.plots.row import Mark, Row, spoken
from reports.plots.svg import inline, settings
from reports.schema import Digest, FindingPart
from reports.text import label

MOST_CURVES = 12
Steps = dict[float, dict[str, FindingPart]]  # by dose, then by role
Key = tuple[str, str, str, str, str]  # metric, scoring, scale, the other tag and its value


def dose_figures(digest: Digest) -> list[Figure]:
    """A curve for each value of a tag for which the model's difference from clean is known at two steps of a scale or
    more; all of a metric share one axis. The one that loses most comes first, those of few clusters last."""
    curves: dict[Key, Steps] = defaultdict(lambda: defaultdict(dict))
    for finding in digest["findings"]:
        tags = subject(finding)
        scales = [tag for tag in tags if tag in SCALES and tags[tag].isdecimal() and tags[tag] != "0"]
        if len(tags) == 2 and len(scales) == 1 and _drawn(finding):
            (scale,), (other,) = scales, [tag for tag in tags if tag not in scales]
            key = finding["metric"], finding["scoring"], scale, other, tags[other]
            curves[key][float(tags[scale][:6])]["base" if finding["model"] == "base" else "model"] = finding
    held = {key: steps for key, steps in curves.items() if sum("model" in found for found in steps.values()) > 1}
    order = sorted(held, key=lambda key: (key[:3], _few(held[key]), -_worst(held[key]), key))[:MOST_CURVES]
    with settings():
        return [_figure(place, key, held) for place, key in enumerate(order)]


def _drawn(finding: FindingPart) -> bool:
    return finding["comparison"] == "vs_clean" and finding["estimate"] is not None and fits_a_percent_axis(finding)


def _few(steps: Steps) -> bool:
    return any(part["tags"].get("few_clusters") == "yes" for found in steps.values() for part in found.values())


def _worst(steps: Steps) -> float:
    """The largest harm at any step of the model."""
    return max(_harm(found["model"]) for found in steps.values() if "model" in found)


def _harm(finding: FindingPart) -> float:
    value = finding["estimate"] or 0.0
    return {"higher": -value, "lower": value, "none": 0.0}[finding["direction"]]


def _figure(place: int, key: Key, curves: Mapping[Key, Steps]) -> Figure:
    metric, scoring, scale, _, value = key
    alike = [mark for other in curves if other[:3] == key[:3] for mark in _all(curves[other])]
    steps = {step: _marks(found) for step, found in sorted(curves[key].items())}
    rows = [Row(f"{spaced(scale)} {step:g}", marks=marks) for step, marks in steps.items()]
    title = label(f"{spaced(value).capitalize()}: change from clean by {spaced(scale)}", 120)
    drawn = dose(steps, extent(alike, []), width=NARROW, reference="clean")
    sample = resting_on(part for found in curves[key].values() for part in found.values())
    caption = f"{metric_words(metric).capitalize()}, points, {scoring} scoring; bands are intervals. {sample}."
    return Figure(f"dose-{place}", title, caption, inline(drawn, name=f"dose-{place}", title=title,
                                                          description=spoken(rows)))  # fmt: skip


def _all(steps: Steps) -> list[Mark]:
    return [mark for found in steps.values() for mark in _marks(found)]


def _marks(found: Mapping[str, FindingPart]) -> tuple[Mark, ...]:
    roles: Sequence[str] = [role for role in ("model", "base") if role in found]
    return tuple(
        Mark("base" if role == "base" else "model", part["estimate"] or 0.0, part["ci_low"], part["ci_high"])
        for role, part in ((role, found[role]) for role in roles)
    )
