"""Boxes as a detector finds them: from a lent reader, once per page, with their recall measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from audit.app.judging import observe, with_derived
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.item import CLEAN
from audit.core.reading import Printed
from probes.phi.documents import document
from probes.phi.finder import finder
from probes.phi.flaws import honest
from probes.phi.page import PageItem
from probes.phi.probe import Phi

OPTIONS = {"documents": 2, "layouts": "prescription-label", "strategies": "black", "radii": "0,6", "tokens": "none",
           "boxes": "given,detected", "rotation": "0", "controls": "none", "ask": "none"}  # fmt: skip
NO_DATA = Dataset("none", "images", ())


class Knows:
    """Reads the pages that it was given, word by word; of everything but names and dates if it is half blind."""

    def __init__(self, seed: int, half_blind: bool = False) -> None:
        self.calls = 0
        self.pages: dict[str, list[Printed]] = {}
        for index in range(2):
            made = document(seed, index, "prescription-label", Phi().options(OPTIONS).look)
            words = [w for w in made.sheet.words if not (half_blind and w.value and w.value.type in ("name", "date"))]
            self.pages[made.image.sha256] = [Printed(word.text, word.box) for word in words if word.text.strip()]

    def read(self, pixels: Any) -> Sequence[Printed]:
        from audit.core.image import Image

        self.calls += 1
        return self.pages[Image.of(pixels).sha256]


def planned(reader: Callable[[], Any] | None) -> Any:
    return Phi(reader).plan(NO_DATA, Phi().options(OPTIONS), np.random.default_rng(0))


def seed_of_plan() -> int:
    return int(np.random.default_rng(0).integers(0, 2**31))


def test_detected_boxes_hide_what_was_found_and_each_page_is_read_once() -> None:
    reader = Knows(seed_of_plan())
    requests = [request for request in planned(lambda: reader).requests if request.condition.startswith("detected")]
    assert {request.condition for request in requests} == {"detected:pixel:black:0", "detected:pixel:black:6"}
    assert reader.calls == 0  # planning reads nothing
    for request in requests:
        hidden = request.query.images[0].pixels == 0
        assert isinstance(request.item, PageItem)
        phone = next(one for one in request.item.page.identifiers if one.category == "phone")
        left, top, right, bottom = phone.boxes[0]
        assert hidden[top:bottom, left:right].mean() > 0.9
    assert reader.calls == 2


def recall(reader: Any) -> dict[str, float]:
    plan = planned(lambda: reader)
    answers = [Answer(honest(request)) for request in plan.requests]
    rows = with_derived(Phi(), observe(Phi(), "model", plan.requests, answers, frozenset()))
    found = {}
    for measure in Phi().measures(rows):
        if measure.metric == "phi.detector_recall":
            numbers = [n for row in rows if row.condition == measure.condition and (n := measure.row(row)) is not None]
            found[measure.tags.get("category", "")] = float(measure.statistic(np.sum(np.array(numbers), axis=0)))
    return found


def test_recall_counts_the_identifiers_whose_places_are_covered() -> None:
    whole, half = recall(Knows(seed_of_plan())), recall(Knows(seed_of_plan(), half_blind=True))
    assert whole[""] > 0.8
    assert whole["phone"] == 1
    assert half["name"] == half["date"] == 0
    assert half["phone"] == 1
    assert half[""] < whole[""]


def test_without_a_reader_detected_boxes_are_not_assessed_and_the_reason_is_told() -> None:
    def missing() -> Any:
        raise InputError("rapidocr is not installed", remedy="pip install 'medaudit[ocr]'")

    plan = planned(missing)
    assert not any(request.condition.startswith("detected") for request in plan.requests)
    assert any(request.condition == CLEAN for request in plan.requests)
    assert plan.skipped == (
        "Boxes as detected are not assessed: rapidocr is not installed (pip install 'medaudit[ocr]').",
    )
    assert finder(None) == (None, "no reader was lent")
