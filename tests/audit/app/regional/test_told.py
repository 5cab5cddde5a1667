from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit.app.pipeline import Outcome
from audit.app.regional.told import UNREAD, Told
from audit.core.item import CLEAN, Request
from audit.stats.proportion import korn_graubard
from probes.spurious.flaws import marker_follower


def told(outcome: Outcome) -> Told:
    requests: tuple[Request, ...] = outcome.prepared.planned[0].requests
    items: Any = {request.item.id: request.item for request in requests if request.condition == CLEAN}
    return Told.of(items, outcome.observations, outcome.findings)


def test_findings_are_found_by_what_they_measure(conclude: Callable[..., Outcome]) -> None:
    known = told(conclude(marker_follower))
    found = known.finding("flip_rate", "vs_control", "user-1", intervention="removed")
    assert found is not None
    assert found.estimate == 1.0
    assert known.finding("flip_rate", "vs_control", "user-2", intervention="removed") is None
    assert known.finding("flip_rate", "did", "user-1") is None


def test_accuracy_on_both_sides_of_one_half(conclude: Callable[..., Outcome]) -> None:
    known = told(conclude(marker_follower))
    sides = {side["label"]: side for side in known.sides("user-1")}
    clean = [row for (condition, _), row in known.seen.items() if condition == CLEAN]
    clean = [row for row in clean if row.tags["half"] == "estimation"]
    for label, side in sides.items():
        own = [row for row in clean if row.tags["class"] == label and "user-1" in row.tags["regions"].split()]
        assert side["inside"]["n"] == len(own)
        assert side["inside"]["right"] == sum(row.value or 0 for row in own) / len(own)
        interval = korn_graubard([(row.value or 0.0, 1.0) for row in own]).interval
        assert interval is not None
        assert (side["inside"]["low"], side["inside"]["high"]) == (interval.low, interval.high)


def test_answers_become_classes_and_what_cannot_be_read_is_called_so(conclude: Callable[..., Outcome]) -> None:
    outcome = conclude(lambda request: "?" if request.condition.startswith("removed") else request.item.target)
    known = told(outcome)
    (pair, *_) = known.pairs("removed", "user-1")
    assert known.class_of(pair[0].item, pair[0].given) in ("sound", "ill")
    assert known.class_of(pair[1].item, pair[1].given) == UNREAD
