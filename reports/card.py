"""A finding as the page shows it: every number already in words."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.measure import metric_words
from reports import measured, numbers
from reports.grouping import Group, spaced, subject
from reports.schema import FindingPart
from reports.severity import Severity
from reports.track import Track, track

FEW_CLUSTERS = 20
NOTHING = "–"  # in tables, where words would crowd out the numbers
COMPARISONS = {
    "absolute": "score",
    "vs_base": "difference from the base model",
    "vs_control": "difference from a control",
    "vs_clean": "difference from the clean condition",
    "between_slices": "difference between slices",
    "did": "difference in differences",
}
VERDICTS = {
    "pass": "Pass",
    "fail": "Fail",
    "inconclusive": "Inconclusive",
    "not_assessed": "Not assessed",
    "info": "For information",
    "flag": "Flag",
}


@dataclass(frozen=True)
class Fact:
    """A number with its name; `term` is an entry of the glossary, "" where the name needs no explanation."""

    label: str
    value: str
    term: str = ""


@dataclass(frozen=True)
class Card:
    """One finding, ready for the page; `mark` is the key of its verdict's word and shape."""

    id: str
    title: str
    words: str
    mark: str
    word: str
    probe: str
    measured: str
    estimate: str
    interval: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    items: tuple[str, ...]
    track: Track | None
    n_items: str
    n_clusters: str
    n_unjudged: str
    p: str
    p_adjusted: str
    limit: str
    mde: str
    versus: str


def card(finding: FindingPart, severity: Severity, group: Group | None, probe: str) -> Card:
    """The card of a finding; `group` holds the base's score and the difference from it, `probe` is its title."""
    mark = "flag" if severity.level == "flagged" else finding["verdict"]
    return Card(
        id=finding["id"],
        title=finding["title"],
        words=measured.plain_words(finding),
        mark=mark,
        word=VERDICTS[mark],
        probe=probe,
        measured=_measured(finding),
        estimate=measured.value(finding, finding["estimate"]) or "not estimated",
        interval=_interval(finding) or "no interval",
        facts=tuple(_facts(finding, group)),
        notes=tuple(_notes(finding)),
        items=tuple(finding["item_ids"][:4]),
        track=track(finding, group),
        n_items=numbers.count(finding["n_items"]),
        n_clusters=numbers.count(finding["n_clusters"]),
        n_unjudged=numbers.count(finding["n_unjudged"]),
        p=_p(finding["p"], NOTHING),
        p_adjusted=_p(finding["p_adjusted"], NOTHING),
        limit=limit_words(finding) or NOTHING,
        mde=measured.width(finding, finding["mde"]) or NOTHING,
        versus=_versus(finding, group) or NOTHING,
    )


def threshold_words(finding: FindingPart) -> str | None:
    """The threshold with its direction, None where there is none."""
    threshold = measured.value(finding, finding["threshold"])
    if threshold is None:
        return None
    return {"higher": "at least ", "lower": "at most ", "none": ""}[finding["direction"]] + threshold


def limit_words(finding: FindingPart) -> str | None:
    """The threshold, else the margin, else None."""
    margin = measured.width(finding, finding["margin"])
    return threshold_words(finding) or (None if margin is None else f"within {margin}")


def _facts(finding: FindingPart, group: Group | None) -> list[Fact]:
    level = f"{finding['ci_level']:.0%}" if finding["ci_level"] is not None else ""
    adjusted = measured.interval(finding, finding["ci_low_adjusted"], finding["ci_high_adjusted"])
    own = finding["comparison"] == "absolute" and "noise" not in finding["tags"]
    chance = measured.value(finding, finding["null"]) if own else None
    base = group.base if group and finding["comparison"] == "absolute" and finding["model"] == "model" else None
    listed = [
        Fact("Estimate", measured.value(finding, finding["estimate"]) or "not estimated"),
        Fact(f"{level} interval".strip(), _interval(finding) or "none", "interval"),
        Fact("Threshold", threshold_words(finding) or "", "threshold"),
        Fact("Adjusted interval", adjusted or "", "adjusted"),
        Fact("Items", numbers.count(finding["n_items"]), "item"),
        Fact("Clusters", numbers.count(finding["n_clusters"]), "cluster"),
        Fact("Not judged", numbers.count(finding["n_unjudged"]), "not judged"),
        Fact("p", _p(finding["p"]), "p"),
        Fact("p, adjusted", _p(finding["p_adjusted"]), "adjusted"),
        Fact("Smallest effect in reach", measured.width(finding, finding["mde"]) or "not stated", "mde"),
        Fact("Base model", _base(base), "base"),
        Fact("Difference from base", _versus(finding, group) or "", "base"),
        Fact("Chance reaches", chance or ""),
        Fact("When asked again", noise_words(finding), "noise"),
        Fact("Margin", measured.width(finding, finding["margin"]) or "", "margin"),
        Fact("Clusters needed", _clusters_needed(finding), "mde"),
        Fact("Against base", finding["tags"].get("outcome", ""), "base"),
        Fact("Equivalence", (finding["equivalence"] or "").replace("_", " "), "equivalence"),
    ]
    return [fact for fact in listed if fact.value]


def noise_words(finding: FindingPart) -> str:
    """What asking the same again comes to: the share of answers that changed, or how far such a figure moved; "" where
    nothing was asked again."""
    tags = finding["tags"]
    floor, low, high = (_figure(tags.get(name)) for name in ("noise", "noise_low", "noise_high"))
    if floor is None:
        return ""
    if measured.is_difference(finding):
        return f"moved by {measured.width(finding, floor)}"
    spread = measured.interval(finding, low, high)
    told = f" ({spread})" if spread else ""
    items = tags.get("noise_items", "")
    return f"{measured.value(finding, floor)}{told} changed{f' of {items}' if items.isdecimal() else ''}"


def _figure(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _clusters_needed(finding: FindingPart) -> str:
    """How many clusters would resolve the policy's margin, as the statistics say."""
    needed = finding["tags"].get("clusters_needed", "")
    return numbers.count(int(needed)) if needed.isdecimal() and len(needed) < 12 else needed


def _base(base: FindingPart | None) -> str:
    if base is None or base["estimate"] is None:
        return ""
    spread = _interval(base)
    value = measured.value(base, base["estimate"]) or ""
    return value if spread is None else f"{value} ({spread})"


def _versus(finding: FindingPart, group: Group | None) -> str | None:
    if group is None or group.difference is None or finding["comparison"] != "absolute" or finding["model"] == "base":
        return None
    value = measured.value(group.difference, group.difference["estimate"])
    spread = _interval(group.difference)
    return value if spread is None or value is None else f"{value} ({spread})"


def _notes(finding: FindingPart) -> list[str]:
    tags, listed = finding["tags"], []
    if _few_clusters(finding):
        listed.append("Few clusters: intervals are unsure and this finding cannot pass.")
    if tags.get("within_noise") == "yes":
        listed.append("Not shown to be more than the model's disagreement with itself.")
    if "bound_worst" in tags and "bound_best" in tags:
        worst, best = (_bound(finding, tags[name]) for name in ("bound_worst", "bound_best"))
        listed.append(f"Answers that could not be read leave it between {worst} (all wrong) and {best} (all right).")
    if finding["ci_method"]:
        listed.append(
            f"Interval: {finding['ci_method']}." + (f" Family: {finding['family']}." if finding["family"] else "")
        )
    return listed


def _bound(finding: FindingPart, text: str) -> str:
    try:
        return measured.value(finding, float(text)) or text
    except ValueError:
        return text


def _few_clusters(finding: FindingPart) -> bool:
    return finding["tags"].get("few_clusters") == "yes" or 0 < finding["n_clusters"] < FEW_CLUSTERS


def _measured(finding: FindingPart) -> str:
    who = "base model" if finding["model"] == "base" else ""
    tags = [f"{spaced(tag)}: {spaced(value)}" for tag, value in subject(finding).items()]
    kind = COMPARISONS[finding["comparison"]] if finding["comparison"] != "absolute" else ""
    few = "few clusters" if _few_clusters(finding) else ""
    parts = [metric_words(finding["metric"]), f"{finding['scoring']} scoring", kind, who, *tags, few]
    return " · ".join(part for part in parts if part)


def _interval(finding: FindingPart) -> str | None:
    return measured.interval(finding, finding["ci_low"], finding["ci_high"])


def _p(p: float | None, nothing: str = "not tested") -> str:
    return nothing if p is None else numbers.p_value(p)
