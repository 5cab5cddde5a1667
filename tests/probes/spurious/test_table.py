from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audit.core.observation import Observation
from probes.spurious.conditions import crop_condition
from probes.spurious.judging import SCORES
from probes.spurious.table import cluster_names, judged

CLASSES = "sound|ill"


def image(item: str, given: str | None, label: str, regions: str, **extra: Any) -> Observation:
    tags = {"class": label, "classes": CLASSES, "half": extra.pop("half", "estimation"), "regions": regions}
    value = None if extra.get("outcome") == "error" else 0.0
    outcome = extra.pop("outcome", "wrong")
    role = extra.pop("role", "model")
    return Observation("spurious", item, f"p-{item}", role, "strict", outcome, value, given, tags=tags)


def crop(item: str, place: int, scores: str, regions: str) -> Observation:
    tags = {"class": "sound", "classes": CLASSES, "half": "estimation", "regions": regions, SCORES: scores}
    return Observation(
        "spurious", item, f"p-{item}", "model", "strict", "wrong", 0.0, "A", condition=crop_condition(place), tags=tags
    )


ROWS = [
    image("b", "B", "sound", "mark-1 grid-1"),
    image("a", "A", "ill", "grid-1 grid-2"),
    image("c", None, "ill", "grid-2"),
    image("d", "B", "ill", "mark-1", half="discovery"),
    image("e", None, "ill", "mark-1", outcome="error"),
    image("a", "B", "ill", "grid-1 grid-2", role="base"),
    crop("b", 0, "0.1 0.9", "mark-1 grid-1"),
    crop("b", 1, "0.6 0.4", "mark-1 grid-1"),
]


def test_the_table_holds_what_was_said() -> None:
    found = judged(ROWS, "model", "estimation")
    assert found is not None
    assert found.items == ("a", "b", "c")
    assert found.classes == ("sound", "ill")
    np.testing.assert_array_equal(found.table.labels, [1, 0, 1])
    np.testing.assert_array_equal(found.table.predictions, [0, 1, -1])  # unread, and so wrong
    np.testing.assert_array_equal(found.table.image, [0, 0, 1, 1, 2])
    unknown = [np.nan, np.nan]
    np.testing.assert_allclose(found.table.scores, [unknown, unknown, [0.1, 0.9], [0.6, 0.4], unknown])
    assert [found.clusters[one] for one in found.assignment] == ["grid-1", "grid-2", "mark-1", "grid-1", "grid-2"]


def test_what_was_not_asked_speaks_for_nothing() -> None:
    found = judged(ROWS, "model", "estimation")
    assert found is not None
    rows = found.rows("mark-1")
    asked, hit = np.array(rows["b"]).reshape(6, 2)[4:]
    assert (asked[0], hit[0]) == (1, 1)  # the mark speaks most for what was said wrongly
    assert not np.array(rows["a"]).reshape(6, 2)[4:].any()


def test_a_class_that_no_region_names_has_no_strongest_one() -> None:
    """Answers in words: a region scores 1 for what was said, and where none says it the first is not the strongest."""
    rows = [image("a", "B", "sound", "mark-1 grid-1"), crop("a", 0, "1 0", "mark-1 grid-1")]
    rows.append(crop("a", 1, "1 0", "mark-1 grid-1"))
    found = judged(rows, "model")
    assert found is not None
    assert np.isnan(found.table.scores[:, 1]).all()
    assert not np.array(found.rows("mark-1")["a"]).reshape(6, 2)[4:].any()
    assert not np.isfinite(found.influence).any()


def test_halves_and_roles() -> None:
    whole = judged(ROWS, "model")
    assert whole is not None
    assert whole.items == ("a", "b", "c", "d")
    base = judged(ROWS, "base", "estimation")
    assert base is not None
    assert base.items == ("a",)
    assert judged(ROWS, "base", "discovery") is None


def test_names_in_an_order_of_their_own() -> None:
    rows = [image("a", "A", "ill", "mark-10 mark-2 grid-1"), image("b", "A", "ill", "mark-1")]
    assert cluster_names(rows) == ("grid-1", "mark-1", "mark-2", "mark-10")


def test_gaps_and_kept_clusters_agree_with_a_direct_count() -> None:
    rng = np.random.default_rng(4)
    rows = []
    for i in range(120):
        label, marked = ("sound", "ill")[i % 2], i % 4 < 2
        given = "B" if marked else ("A" if rng.random() < 0.9 else "B") if label == "sound" else "A"
        regions = "grid-1 mark-1" if marked else "grid-1 grid-2"
        rows.append(image(f"i{i:03d}", given, label, regions))
        rows += [crop(f"i{i:03d}", 1, "0.1 0.9", regions), crop(f"i{i:03d}", 0, "0.8 0.2", regions)]
    found = judged(rows, "model")
    assert found is not None
    marked = [r for r in rows if r.tags["regions"].endswith("mark-1") and r.condition == "clean"]
    inside = {label: [r for r in marked if r.tags["class"] == label] for label in ("sound", "ill")}
    assert found.gaps.acc_in[found.clusters.index("mark-1")] == pytest.approx(
        [np.mean([r.given == right for r in inside[label]]) for label, right in (("sound", "A"), ("ill", "B"))]
    )
    assert "mark-1" in found.kept
    assert found.influence[found.clusters.index("mark-1")] == pytest.approx(1.0)
