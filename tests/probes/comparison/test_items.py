"""Two files brought together: by id, with what both say about a question, and every disagreement named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from audit.core.errors import InputError
from audit.data.answers import AnswerRow, read_answers, write_answers
from probes.comparison.items import File, match

AB = {"A": "Pneumonia", "B": "Normal"}


def file(tmp_path: Path, role: Any, rows: Sequence[Mapping[str, Any]]) -> File:
    path = tmp_path / f"{role}.jsonl"
    write_answers(path, [AnswerRow(**row) for row in rows])
    return File(role, path, read_answers(path))


def pair(tmp_path: Path, model: Sequence[Mapping[str, Any]], base: Sequence[Mapping[str, Any]]) -> tuple[File, File]:
    return file(tmp_path, "model", model), file(tmp_path, "base", base)


def test_what_one_file_leaves_out_the_other_says(tmp_path: Path) -> None:
    model = {"id": "1", "answer": "A"}
    base = {"id": "1", "answer": "B", "target": "A", "options": AB, "cluster": "p", "slice": {"site": "x"}}
    question = match(*pair(tmp_path, [model], [base])).questions["1"]
    assert (question.target, question.cluster, question.slices) == ("pneumonia", "p", {"slice.site": "x"})
    assert [option.label for option in question.options] == ["A", "B"]


def test_options_under_other_letters_are_the_same_classes(tmp_path: Path) -> None:
    model = {"id": "1", "answer": "A", "target": "B", "options": {"A": "Normal", "B": "Pneumonia"}}
    base = {"id": "1", "answer": "A", "target": "A", "options": AB}
    assert match(*pair(tmp_path, [model], [base])).questions["1"].target == "pneumonia"


def test_a_target_may_be_the_text_of_an_option(tmp_path: Path) -> None:
    row = {"id": "1", "answer": "A", "target": "pneumonia", "options": AB}
    assert match(*pair(tmp_path, [row], [row])).questions["1"].target == "pneumonia"


def test_ids_without_a_partner_are_told_by_side(tmp_path: Path) -> None:
    rows = [{"id": str(i), "answer": "A", "target": "A", "options": AB} for i in range(4)]
    got = match(*pair(tmp_path, rows[:3], rows[1:]))
    assert (got.only_model, got.only_base) == (("0",), ("3",))
    assert set(got.questions) == {"0", "1", "2", "3"}


def test_the_cluster_is_the_item_where_none_is_named(tmp_path: Path) -> None:
    row = {"id": "1", "answer": "yes", "target": "yes"}
    assert match(*pair(tmp_path, [row], [row])).questions["1"].cluster == "1"


@pytest.mark.parametrize(
    ("model", "base", "said"),
    [
        ({"target": "A", "options": AB}, {"target": "B", "options": AB}, "base.jsonl, row 1: The right answer to '1'"),
        ({"target": "A", "cluster": "p"}, {"target": "A", "cluster": "q"}, "base.jsonl, row 1: The cluster of '1'"),
        ({}, {}, "model.jsonl, row 1: Neither file says what is right"),
        ({"target": "C", "options": AB}, {}, "model.jsonl, row 1: The target 'C' of '1' is none of its options (A, B)"),
        ({"target": "?!"}, {}, "model.jsonl, row 1: The target '?!' of '1' holds no letter"),
    ],
)
def test_contradictions_name_file_row_and_remedy(
    tmp_path: Path, model: dict[str, Any], base: dict[str, Any], said: str
) -> None:
    given = pair(tmp_path, [{"id": "1", "answer": "A", **model}], [{"id": "1", "answer": "A", **base}])
    with pytest.raises(InputError) as error:
        match(*given)
    assert said in str(error.value)
    assert str(error.value).endswith(")"), "a remedy in brackets"


def test_files_without_a_common_id_are_refused(tmp_path: Path) -> None:
    given = pair(tmp_path, [{"id": "1", "answer": "A", "target": "A"}], [{"id": "2", "answer": "A", "target": "A"}])
    with pytest.raises(InputError, match="No id of this file"):
        match(*given)


def test_the_line_is_that_of_the_file_blank_lines_included(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"id": "1", "answer": "A", "target": "A"}\n\n{"id": "2", "answer": "A"}\n')
    model = File("model", path, read_answers(path))
    with pytest.raises(InputError, match="row 3: Neither file says"):
        match(model, model)
