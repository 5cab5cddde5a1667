"""Position bias, the share of confusion that it explains, easy pairs, similarity, and missing answers."""

from __future__ import annotations

from types import ModuleType

import pytest

from audit.core.answer import Answer
from audit.core.item import Request
from probes.mediconfusion.flaws import looks_alike
from probes.mediconfusion.probe import PROBE
from probes.mediconfusion.rates import difference


def test_a_model_bound_to_a_place(kit: ModuleType) -> None:
    rows = kit.seen(kit.requests(kit.made_pairs()), lambda _: "A")
    assert kit.share_of(rows, "position_bias") == 1
    assert kit.share_of(rows, "confusion_by_position") == 1
    assert kit.share_of(rows, "confusion", order="swapped") == 1


def test_a_model_that_takes_one_image_for_the_other(kit: ModuleType) -> None:
    rows = kit.seen(kit.requests(kit.made_pairs()), looks_alike)
    assert kit.share_of(rows, "confusion") == 1
    assert kit.share_of(rows, "position_bias") == 0
    assert kit.share_of(rows, "confusion_by_position") == 0


def test_the_right_letter_moves_with_the_order(kit: ModuleType) -> None:
    asked = kit.requests(kit.made_pairs(1))
    targets = {request.place[:2]: request.item.target for request in asked}
    assert targets["0/im_1", "clean"] != targets["0/im_1", "swapped"]
    rows = kit.seen(asked, lambda request: request.item.target)
    assert kit.share_of(rows, "set_accuracy", order="swapped") == 1
    assert kit.share_of(rows, "position_bias") == 0


def test_a_pair_counts_for_each_label_of_each_image(kit: ModuleType) -> None:
    rows = kit.seen(kit.requests(kit.made_pairs(3)), lambda request: request.item.target)
    assert kit.totals_of(rows, "set_accuracy", category="Vascular").tolist() == [4, 4]
    assert kit.totals_of(rows, "individual_accuracy", category="Cardiac").tolist() == [4, 4]


def test_easy_pairs_stand_apart(kit: ModuleType) -> None:
    asked = kit.requests(kit.made_pairs(12, easy=6))
    assert {r.condition for r in asked if r.item.tags["pairs"] == "easy"} == {"clean", "swapped"}
    rows = kit.seen(asked, lambda r: r.item.target if r.item.tags["pairs"] == "easy" else "A")
    assert kit.share_of(rows, "set_accuracy") == 0
    assert kit.share_of(rows, "set_accuracy", pairs="easy") == 1
    assert difference(kit.totals_of(rows, "cost_of_confusability")) == 1


def test_bands_of_similarity_hold_all_pairs(kit: ModuleType) -> None:
    rows = kit.seen(kit.requests(kit.made_pairs(24)), lambda request: request.item.target)
    bands = [m.tags["similarity"] for m in PROBE.measures(rows) if "similarity" in m.tags]
    assert bands == ["0.91", "0.93", "0.95", "0.97"]
    assert sum(kit.totals_of(rows, "set_accuracy", similarity=band)[1] for band in bands) == 24


def test_a_pair_with_one_wrong_answer_is_wrong_and_with_one_missing_is_missing(kit: ModuleType) -> None:
    def say(request: Request) -> Answer:
        if request.item.tags["pair"] == "0":
            return (
                Answer("")
                if request.item.tags["side"] == "im_1"
                else Answer("B" if request.item.target == "A" else "A")
            )
        if request.item.tags["pair"] == "1" and request.item.tags["side"] == "im_1":
            return Answer.failed("down")
        return Answer(request.item.target)

    rows = kit.seen(kit.requests(kit.made_pairs(3), ways="multiple_choice", orders="published"), say)
    pairs = {row.item: row for row in rows if row.scoring == "strict" and row.item in "012"}
    assert [pairs[name].outcome for name in "012"] == ["wrong", "error", "correct"]
    assert pairs["0"].given is not None
    assert pairs["0"].given.startswith("?")
    assert pairs["1"].value is None


@pytest.mark.parametrize("ways", ["multiple_choice", "greedy", "prefix", "free_form"])
def test_each_way_can_be_asked_alone(kit: ModuleType, ways: str) -> None:
    asked = kit.requests(kit.made_pairs(4), ways=ways)
    rows = kit.seen(asked, lambda request: request.item.target)
    assert any(measure.metric.endswith("set_accuracy") for measure in PROBE.measures(rows))
