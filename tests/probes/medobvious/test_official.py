"""Official rows: their own ids, questions and answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.core.dataset import Dataset, Record
from audit.core.errors import InputError
from audit.core.image import Image


def test_rows_keep_their_ids_questions_and_answers(kit) -> None:
    made = kit.plan(kit.official({"v1": (2, 2), "v3": (1, 3)}), variants="grid")
    clean = {r.item.id: r for r in made.requests if r.condition == "clean"}
    assert len(clean) == 24
    first = clean["v1_ct_000_det_mcq"]
    assert first.query.text.startswith("Official question of det_mcq")
    assert "E) None - all images are the same" in first.query.text
    assert first.item.target == "A"
    assert first.item.tags["tier"] == "v1"
    assert clean["v1_ct_001_vis_neg"].item.target == "no"
    assert clean["v3_ct_000_det_mcq_neg"].item.target == "J"
    assert clean["v3_ct_000_det_open_neg"].item.target == "none"


def test_uniform_words_add_the_referring_questions_without_an_outlier(kit) -> None:
    made = kit.plan(kit.official({"v1": (2, 2)}), variants="grid")
    uniform = [r for r in made.requests if r.condition == "uniform"]
    assert len(uniform) == 20
    added = [r for r in uniform if r.item.id.endswith(("ref_mcq_neg", "ref_open_neg"))]
    assert {r.item.target for r in added} == {"E", "none"}
    assert all("MRI scan" in r.query.text for r in added)


def test_separate_images_are_cut_out_of_the_grid(kit) -> None:
    data = kit.official({"v1": (1, 2)})
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4)
    data = replace(data, records=tuple(replace(record, image=Image.of(pixels)) for record in data.records))
    made = kit.plan(data, variants="multi_image")
    assert {r.item.tags["format"] for r in made.requests} == {"detection_mcq", "detection_open"}
    images = made.requests[0].query.images
    assert [image.pixels.tolist() for image in images] == [
        [[0, 1], [4, 5]], [[2, 3], [6, 7]], [[8, 9], [12, 13]], [[10, 11], [14, 15]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"answer": "Q"}, "Expected answer to be one of A, B"), ({"n": 9}, "2x2 to 5x5"),
        ({"options": {"A": "top-left"}}, "Expected options A to E"),
        ({"question": None}, "question"),
        ({"task_type": "haiku"}, "Expected task_type"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_one_is_named(kit, change: dict[str, object], problem: str) -> None:
    record = kit.official({"v1": (1, 2)}).records[0]
    broken = Record(record.id, record.image, record.cluster, {}, {**record.meta, **change})
    with pytest.raises(InputError) as caught:
        kit.plan(Dataset("x", "medobvious", (broken,)))
    assert record.id in str(caught.value)
    assert problem in str(caught.value)
