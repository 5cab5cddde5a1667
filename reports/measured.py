"""A finding's numbers in words: which unit it has, its interval, its threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from reports import numbers
from reports.schema import FindingPart, Unit

_OTHER_UNIT = re.compile(r"\((?:log ratio|ratio|index|score|count|tokens|seconds)\)\s*$", re.IGNORECASE)
_OF_ITEMS = ("korn-graubard", "clopper-pearson over")
DIFFERENCES = frozenset({"vs_base", "vs_control", "vs_clean", "between_slices", "did"})


def with_units(findings: Iterable[FindingPart]) -> list[FindingPart]:
    """The findings with their units: those of a metric share one.

    A metric is a share where the interval of one of its scores is that of a share of items. Else it is a plain number
    where a score has another interval, where a title names another unit, or where a value lies outside [-1, 1].
    """
    listed = list(findings)
    shares = {finding["metric"] for finding in listed if _counts_items(finding)}
    other = {finding["metric"] for finding in listed if _is_number(finding)} - shares
    return [_with_unit(finding, other) for finding in listed]


def _with_unit(finding: FindingPart, other: AbstractSet[str]) -> FindingPart:
    unit: Unit = "number" if finding["metric"] in other else "share"
    return {**finding, "unit": unit}


def _counts_items(finding: FindingPart) -> bool:
    return finding["comparison"] == "absolute" and (finding["ci_method"] or "").lower().startswith(_OF_ITEMS)


def _is_number(finding: FindingPart) -> bool:
    method = finding["ci_method"] or ""
    resampled = finding["comparison"] == "absolute" and method and not _counts_items(finding)
    seen = (finding["estimate"], finding["ci_low"], finding["ci_high"], finding["threshold"])
    outside = any(value is not None and abs(value) > 1 for value in seen)
    return bool(resampled or outside or "ratio" in method or _OTHER_UNIT.search(finding["title"]))


def unit(finding: FindingPart) -> Unit:
    """The finding's unit: the one it was given by `with_units`, else what it says itself."""
    return finding.get("unit") or ("number" if _is_number(finding) else "share")


def fits_a_percent_axis(finding: FindingPart) -> bool:
    """Whether it can be drawn beside shares: its values lie in [-1, 1] (differences: [-2, 2]) and are no ratios."""
    seen = (finding["estimate"], finding["ci_low"], finding["ci_high"], finding["threshold"])
    reach = 2 if is_difference(finding) else 1
    ratio = "ratio" in (finding["ci_method"] or "") or _OTHER_UNIT.search(finding["title"])
    return not ratio and all(value is None or abs(value) <= reach for value in seen)


def is_difference(finding: FindingPart) -> bool:
    """Whether its values are differences of two scores."""
    return finding["comparison"] in DIFFERENCES


def value(finding: FindingPart, amount: float | None) -> str | None:
    """One of the finding's values in its unit: percent, percentage points, or a plain number; None for None."""
    if amount is None:
        return None
    if unit(finding) == "number":
        return numbers.signed(amount, 2) if is_difference(finding) else numbers.plain(amount)
    return numbers.points(amount) if is_difference(finding) else numbers.percent(amount)


def width(finding: FindingPart, amount: float | None) -> str | None:
    """A distance in the finding's unit, without a sign (a margin, the smallest difference that could be seen)."""
    if amount is None:
        return None
    return numbers.plain(amount) if unit(finding) == "number" else f"{amount * 100:.1f} points"


def interval(finding: FindingPart, low: float | None, high: float | None) -> str | None:
    """ "83.1% to 92.0%", or None where either end is missing."""
    first, last = value(finding, low), value(finding, high)
    if first is None or last is None:
        return None
    return f"{first.removesuffix(' points')} to {last}"


def is_share_of_items(finding: FindingPart) -> bool:
    """Whether it counts items one by one, so that "of 100 such items" is a true reading of it."""
    estimate = finding["estimate"]
    return _counts_items(finding) and estimate is not None and 0 <= estimate <= 1


def in_words(finding: FindingPart) -> str | None:
    """The estimate as a natural frequency where that is a true reading of it, else with its interval; None where there
    is no estimate."""
    estimate, low, high = finding["estimate"], finding["ci_low"], finding["ci_high"]
    if estimate is None:
        return None
    if is_share_of_items(finding):
        if estimate == 0 and high is not None:
            return f"0 of {numbers.count(finding['n_items'])} (upper bound {numbers.percent(high)})"
        return numbers.frequency(estimate, low, high)
    spread = interval(finding, low, high)
    text = value(finding, estimate) or ""
    return text if spread is None else f"{text} ({spread})"


def plain_words(finding: FindingPart) -> str:
    """The finding's sentence, `{value}` filled in."""
    return finding["plain_words"].replace("{value}", in_words(finding) or "no value")
