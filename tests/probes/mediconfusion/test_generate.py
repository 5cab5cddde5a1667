"""Pairs built from labelled images, and the views by which they are chosen."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from audit.core.dataset import Dataset, Record
from audit.core.image import Image
from audit.data.phantoms import phantoms
from medaudit.testing import check_probe
from probes.mediconfusion.config import Options
from probes.mediconfusion.generate import ALIKE, DIFFERENT, generate
from probes.mediconfusion.probe import PROBE
from probes.mediconfusion.questions import questions_of
from probes.mediconfusion.similarity import band, layouts_and_details, pooled

DATA = phantoms(120, 1)


def test_the_contract_of_a_probe() -> None:
    check_probe(PROBE, DATA)


def test_pairs_are_alike_differ_in_their_answer_and_share_no_patient() -> None:
    made = generate(DATA.records, Options(n_pairs=12, n_easy=4), np.random.default_rng(0)).pairs
    kinds = Counter(pair.easy for pair in made)
    assert kinds[False] == 12
    assert kinds[True] == 4
    clusters = Counter(pair.cluster for pair in made if not pair.easy)
    assert max(clusters.values()) == 1
    for pair in made:
        assert pair.options[0] != pair.options[1]
        assert set(pair.correct) == {"A", "B"}
        assert pair.alike is not None
        assert pair.different is not None
        assert (pair.alike < ALIKE) if pair.easy else (pair.alike >= ALIKE and pair.different <= DIFFERENT)


def test_the_answer_of_each_image_is_its_label() -> None:
    labels = {record.image.sha256: set(record.labels.values()) for record in DATA.records}
    for pair in generate(DATA.records, Options(n_pairs=10), np.random.default_rng(3)).pairs:
        for image, letter in zip(pair.images, pair.correct, strict=True):
            assert pair.options["AB".index(letter)] in labels[image.sha256]


def test_data_without_such_labels_say_why_there_are_no_pairs() -> None:
    bare = Dataset("bare", "images", tuple(Record(r.id, r.image, r.cluster) for r in DATA.records[:5]))
    plan = PROBE.plan(bare, PROBE.options({}), np.random.default_rng(0))
    assert plan.requests == ()
    assert "finding" in plan.skipped[0]


def test_a_label_of_several_values_answers_nothing() -> None:
    labels = {"modality": "X-ray", "anatomy": "chest", "view": "PA"}
    record = DATA.records[0]
    one = Record("1", record.image, "1", {**labels, "finding": "pneumonia"})
    two = Record("2", record.image, "2", {**labels, "finding": "cardiomegaly|pneumonia"})
    assert [asked.answer for asked in questions_of(one, ("finding",))] == ["pneumonia"]
    assert questions_of(two, ("finding",)) == ()


def test_own_questions_count_where_their_answers_can_be_told_apart() -> None:
    rows = [
        {"question": "Are the lungs clear?", "answer": "No"},
        {"question": "What is this?", "answer": "a lung"},
        {"question": "Which side?", "answer": "left", "options": ["left", "right"]},
    ]
    record = Record("1", DATA.records[0].image, "1", {}, {"questions": rows})
    assert [asked.answer for asked in questions_of(record, ())] == ["no", "left"]


@pytest.mark.parametrize("shape", [(48, 48), (96, 144), (17, 300), (50, 50, 3)])
def test_pooling_keeps_the_range_and_even_pictures(shape: tuple[int, ...]) -> None:
    even = Image.of(np.full(shape, 51, dtype=np.uint8))
    assert pooled(even) == pytest.approx(np.full((48, 48), 0.2))


def test_pooling_is_the_mean_of_each_cell() -> None:
    pixels = np.random.default_rng(0).integers(0, 2**16, (96, 144), dtype=np.uint16)
    cells = pixels.reshape(48, 2, 48, 3).mean(axis=(1, 3)) / 65535
    assert pooled(Image.of(pixels)) == pytest.approx(cells)


def test_views_are_of_length_one_and_even_pictures_like_nothing() -> None:
    grids = [pooled(record.image) for record in DATA.records[:4]] + [np.full((48, 48), 0.5)]
    for view in layouts_and_details(grids):
        assert np.linalg.norm(view, axis=1) == pytest.approx([1, 1, 1, 1, 0], abs=1e-5)


def test_bands() -> None:
    assert [band(x) for x in ("0.9000", "0.9199", "0.9200", "0.9999", "1.0000")] == [
        "0.91",
        "0.91",
        "0.93",
        "0.99",
        "1.01",
    ]
