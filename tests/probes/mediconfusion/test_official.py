"""What the paper and arithmetic say about known answerers, on the official pairs."""

from __future__ import annotations

from types import ModuleType

import pytest

from audit.core.answer import Answer
from audit.core.item import CLEAN, Request

CATEGORIES = {
    "Cerebral": 79, "Vascular": 73, "Head and Neck": 67, "Cardiac": 52, "Spinal": 51, "Gastrointestinal": 43,
    "Musculoskeletal": 42, "Pulmonary": 20, "Nuclear Medicine": 14,
}  # fmt: skip


@pytest.fixture(scope="module")
def clean(official: tuple[Request, ...]) -> list[Request]:
    return [request for request in official if request.condition == CLEAN]


def test_items_are_named_after_pair_and_image(clean: list[Request]) -> None:
    assert len(clean) == 352
    assert {request.item.id for request in clean} >= {"10001/im_1", "10001/im_2"}
    assert len({request.item.cluster for request in clean}) == 60


@pytest.mark.parametrize("scoring", ["published", "strict"])
def test_a_constant_answerer_scores_0_50_100(kit: ModuleType, clean: list[Request], scoring: str) -> None:
    rows = kit.seen(clean, lambda _: "A")
    assert kit.share_of(rows, "set_accuracy", scoring) == 0
    assert kit.share_of(rows, "individual_accuracy", scoring) == 0.5
    assert kit.share_of(rows, "confusion", scoring) == 1


@pytest.mark.parametrize("scoring", ["published", "strict"])
def test_the_gold_answers_score_100_100_0(kit: ModuleType, clean: list[Request], scoring: str) -> None:
    rows = kit.seen(clean, lambda request: request.item.target)
    scores = [kit.share_of(rows, name, scoring) for name in ("set_accuracy", "individual_accuracy", "confusion")]
    assert scores == [1, 1, 0]


@pytest.mark.parametrize("form", ["{})", "({})", "**{}**"])
def test_usual_forms_are_published_as_invalid_and_valid_(kit: ModuleType, clean: list[Request], form: str) -> None:
    rows = kit.seen(clean, lambda request: form.format(request.item.target))
    assert kit.share_of(rows, "invalid_rate", "published") == 1
    assert kit.share_of(rows, "set_accuracy", "published") == 0
    assert kit.share_of(rows, "invalid_rate", "strict") == 0
    assert kit.share_of(rows, "set_accuracy", "strict") == 1


def test_refusals_leave_the_published_confusion_and_not_the_strict_one(kit: ModuleType, clean: list[Request]) -> None:
    refusing = sorted({request.item.tags["pair"] for request in clean})[:76]

    def say(request: Request) -> str | Answer:
        refused = request.item.tags["pair"] in refusing and request.item.tags["side"] == "im_1"
        return Answer("I cannot help with that.") if refused else "A"

    rows = kit.seen(clean, say)
    assert kit.totals_of(rows, "confusion", "published").tolist() == [100, 100]
    assert kit.totals_of(rows, "confusion", "strict").tolist() == [100, 176]
    assert kit.totals_of(rows, "invalid_rate", "strict").tolist() == [76, 352]


@pytest.mark.parametrize("scoring", ["published", "strict"])
def test_denominators_by_category_are_image_labels(kit: ModuleType, clean: list[Request], scoring: str) -> None:
    rows = kit.seen(clean, lambda request: request.item.target)
    for metric in ("set_accuracy", "individual_accuracy", "confusion"):
        counted = {name: kit.totals_of(rows, metric, scoring, category=name)[1] for name in CATEGORIES}
        assert counted == CATEGORIES


def test_without_invalid_answers_individual_is_set_plus_half_confusion(kit: ModuleType, clean: list[Request]) -> None:
    rows = kit.seen(clean, lambda request: "A" if sum(map(ord, request.item.id)) % 3 else "B")
    parts = [kit.share_of(rows, name) for name in ("individual_accuracy", "set_accuracy", "confusion")]
    assert parts[0] == pytest.approx(parts[1] + parts[2] / 2)
