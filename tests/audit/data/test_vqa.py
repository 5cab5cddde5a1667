"""Question files: every layout is recognised, and hostile ones are refused or listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.load import LoadOptions, load
from audit.data.vqa_layouts import row_of

Make = Callable[..., Dataset]


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], None]:
    def draw(name: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        seed = sum(map(ord, name))
        PIL.Image.fromarray(np.random.default_rng(seed).integers(0, 255, (9, 9), dtype=np.uint8)).save(path)

    return draw


@pytest.fixture
def read(tmp_path: Path, picture: Callable[[str], None]) -> Make:
    def make(rows: Sequence[dict[str, Any]], images: Sequence[str], name: str = "test.json") -> Dataset:
        for image in images:
            picture(image)
        lines = json.dumps(rows) if name.endswith(".json") else "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / name).write_text(lines)
        return load(tmp_path / name)

    return make


def test_vqa_rad(read: Make) -> None:
    base = {"image_name": "synpic1.jpg", "image_organ": "HEAD", "phrase_type": "freeform"}
    data = read(
        [
            {**base, "qid": 1, "question": "Is it dark?", "answer": "Yes", "answer_type": "CLOSED ",
             "question_type": "PRES"},
            {**base, "qid": 2, "question": "How many?", "answer": 3, "answer_type": "OPEN", "question_type": "COUNT"},
            {**base, "qid": 3, "question": "Is it CT or MRI?", "answer": "CT", "answer_type": "CLOSED"},
            {**base, "qid": 4, "question": "Is it dark?", "answer": "grey", "answer_type": "CLOSED"},
        ],
        ["images/synpic1.jpg"],
    )  # fmt: skip
    assert (data.kind, data.name, data.n_seen) == ("vqa", "VQA-RAD", 4)
    closed, count, choice = data.records
    assert closed.meta["options"] == ["yes", "no"]
    assert closed.meta["answers"] == ["yes"]
    assert (count.meta["answers"], count.meta["answer_type"]) == (["3"], "open")
    assert choice.meta["answer_type"] == "open", "options that are not listed are not guessed from the answer"
    assert closed.image is count.image
    assert {record.cluster for record in data.records} == {closed.cluster}
    assert closed.labels == {"anatomy": "head"}
    assert [(p.kind, p.report_place) for p in data.problems] == [("note", "row 4")]


def test_slake_keeps_english(read: Make, tmp_path: Path) -> None:
    base = {"img_name": "xmlab1/source.jpg", "img_id": 1, "location": "Abdomen", "modality": "MRI", "base_type": "vqa"}
    data = read(
        [
            {**base, "qid": 0, "q_lang": "en", "question": "What organ?", "answer": "Liver", "answer_type": "OPEN",
             "content_type": "Organ"},
            {**base, "qid": 1, "q_lang": "zh", "question": "x", "answer": "y", "answer_type": "OPEN"},
        ],
        ["imgs/xmlab1/source.jpg"],
    )  # fmt: skip
    assert data.name == "SLAKE"
    (record,) = data.records
    assert record.labels == {"modality": "MRI", "anatomy": "abdomen"}
    assert record.meta["question_type"] == "Organ"
    assert load(tmp_path).kind == "vqa", "a folder with test.json is read as well"


def test_ovqa_drops_closed_rows_without_options(read: Make) -> None:
    base = {"image_name": "1.jpg", "image_organ": "LEG", "answer_type": "CLOSED", "question_type": "Plane"}
    data = read(
        [
            {**base, "qid": "a", "question": "Is it broken?", "answer": "no"},
            {**base, "qid": "b", "question": "Is it coronal or axial?", "answer": "axial"},
        ],
        ["img/1.jpg"],
    )
    assert data.name == "OVQA"
    assert [record.id for record in data.records] == ["a"]
    assert data.problems[0].report_place == "row 2"


def test_pathvqa_has_three_fields_and_names_without_endings(read: Make) -> None:
    data = read(
        [
            {"image": "train_0001", "question": "Is it fibrosis?", "answer": "yes"},
            {"image": "train_0001", "question": "Where?", "answer": "in the canals"},
        ],
        ["images/train_0001.jpg"],
        "path.jsonl",
    )
    assert data.name == "PathVQA"
    assert [record.meta["answer_type"] for record in data.records] == ["closed", "open"]
    assert len({record.id for record in data.records}) == 2


def test_mimic_lists_choices_and_people(read: Make) -> None:
    base = {"image_path": "p10/p1/s5/x.jpg", "subject_id": "10000032", "study_id": "s5", "template": "t"}
    arguments = {"object": {"0": "left lung"}, "attribute": {"0": "effusion", "1": "edema"}}
    rows = [
        {**base, "idx": 1, "question": "Is there effusion?", "answer": ["no"], "semantic_type": "verify",
         "content_type": "presence", "template_arguments": {}},
        {**base, "idx": 2, "question": "Which, effusion or edema?", "answer": ["effusion", "edema"],
         "semantic_type": "choose", "content_type": "attribute", "template_arguments": arguments},
        {**base, "idx": 3, "question": "List all.", "answer": ["effusion", "edema"], "semantic_type": "query",
         "content_type": "attribute", "template_arguments": {}},
        {**base, "idx": 4, "question": "List all.", "answer": [], "semantic_type": "query", "template_arguments": {}},
    ]  # fmt: skip
    data = read(rows, ["images/p10/p1/s5/x.jpg"])
    assert data.name == "MIMIC-CXR-VQA"
    verify, choose, query, nothing = data.records
    assert verify.meta["options"] == ["yes", "no"]
    assert choose.meta["options"] == ["effusion", "edema", "none", "both"]
    assert choose.meta["answers"] == ["both"]
    assert (query.meta["answers"], query.meta["multilabel"]) == (["effusion", "edema"], True)
    assert nothing.meta["answers"] == ["none"]
    assert data.has_patients
    assert "10000032" not in repr([(r.id, r.cluster, r.labels, r.meta) for r in data.records])


def test_a_csv_with_options_and_columns(tmp_path: Path, picture: Callable[[str], None]) -> None:
    picture("a.png")
    (tmp_path / "q.csv").write_text(
        "image,question,answer,options,ward,patient_name\na.png,Which side?,left,left|right,north,Ann\n"
    )
    (record,) = load(tmp_path / "q.csv").records
    assert record.meta["options"] == ["left", "right"]
    assert record.labels == {"ward": "north"}, "what names people is no label"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[", "not JSON"),
        ("[]", "no rows"),
        ("[3]", "row 1"),
        ('[{"question": "a", "question": "b"}]', "stands twice"),
        ('[{"question": "a", "answer": NaN}]', "NaN"),
        ("[" * 100_000, "not JSON"),
        ('[{"question": "a"}]', "image is missing"),
        ('[{"question": "a", "answer": "b", "image": "../../etc/passwd"}]', "outside"),
        ('[{"question": "a", "answer": "b", "image": "/etc/passwd"}]', "outside"),
        ('[{"question": "a", "answer": "b", "image": "x\\u0000y"}]', "NUL"),
        ('[{"question": "a", "answer": "b", "image": "gone.png"}]', "--image-root"),
        ('[{"question": "a", "answer": "b", "image": "a.png", "options": ["b", "B"]}]', "the same"),
    ],
)  # fmt: skip
def test_hostile_files(body: str, told: str, tmp_path: Path, picture: Callable[[str], None]) -> None:
    picture("a.png")
    (tmp_path / "q.json").write_text(body)
    with pytest.raises(InputError, match=told):
        load(tmp_path / "q.json")


def test_an_id_stands_once(read: Make) -> None:
    row = {"id": "q1", "image": "a.png", "question": "Where?", "answer": "here"}
    with pytest.raises(InputError, match=r"row 2.*row 1 too"):
        read([row, row], ["a.png"])


def test_images_that_are_not_there_are_listed_and_kept_where_answers_exist(read: Make, tmp_path: Path) -> None:
    rows = [{"id": str(i), "image": f"{i}.png", "question": "Where?", "answer": "here"} for i in range(4)]
    data = read(rows, ["0.png"])
    assert len(data.records) == 1
    assert data.n_unusable == 3
    assert len(load(tmp_path / "test.json", LoadOptions(need_images=False)).records) == 4


def test_images_may_lie_elsewhere(tmp_path: Path, picture: Callable[[str], None]) -> None:
    picture("far/away/a.png")
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "q.json").write_text('[{"image": "a.png", "question": "Where?", "answer": "here"}]')
    data = load(tmp_path / "q" / "q.json", LoadOptions(image_root=tmp_path / "far" / "away"))
    assert len(data.records) == 1


KEYS = ["question", "answer", "image", "options", "answer_type", "qid", "template_arguments", "semantic_type"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=3))
def test_any_row_is_a_question_or_an_error(row: dict[str, Any]) -> None:
    try:
        made = row_of(1, row)
    except ValueError:
        return
    assert made.question
    assert made.answers
    assert (made.answer_type == "closed") == bool(made.options)
    assert made.answer_type == "open" or made.answers[0] in made.options


def test_real_vqa_rad(shared_data: Path) -> None:
    file = shared_data / "real" / "questions" / "vqa_rad_train.json"
    data = load(file, LoadOptions(image_root=shared_data / "real" / "vqa_rad"))
    assert (data.name, data.n_seen, data.n_unusable) == ("VQA-RAD", 3064, 0)
    assert len({record.image.sha256 for record in data.records}) == len({record.cluster for record in data.records})
    yes_no = [record for record in data.records if record.meta["answer_type"] == "closed"]
    assert 1600 < len(yes_no) < 1830
