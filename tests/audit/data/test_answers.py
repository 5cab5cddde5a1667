"""The answers file: what is written reads back equal, and whatever is wrong is one error naming file and line."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.answer import STATUSES
from audit.core.errors import InputError
from audit.data.answers import MAX_LINE_BYTES, AnswerRow, read_answers, write_answers

GOOD = '{"id": "a", "answer": "B"}'
names = st.text(min_size=1, max_size=8).filter(lambda text: text.strip() != "")
rows = st.builds(
    AnswerRow,
    id=names,
    answer=st.text(max_size=40),
    condition=names,
    sample=st.integers(0, 5),
    key=st.none() | names,
    option_logprobs=st.dictionaries(st.text(max_size=3), st.floats(-1e6, 0), max_size=3),
    target=st.none() | st.text(max_size=8),
    options=st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=3),
    cluster=st.none() | names,
    slice=st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2),
    answer_type=st.none() | st.text(max_size=5),
    status=st.none() | st.sampled_from(STATUSES),
)


@given(st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.place))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
def test_what_is_written_reads_back_equal(tmp_path: Path, wanted: list[AnswerRow]) -> None:
    path = tmp_path / "answers.jsonl"
    write_answers(path, wanted)
    assert read_answers(path) == tuple(wanted)
    assert [entry.name for entry in tmp_path.iterdir()] == ["answers.jsonl"], "no temporary file is left"


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode) | st.just(b"[" * 100_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_bytes_give_rows_or_one_input_error(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"any\.jsonl"):
        read_answers(path)


@given(
    st.dictionaries(
        st.sampled_from([*AnswerRow.__dataclass_fields__, "schema"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_object_gives_a_row_or_one_input_error(tmp_path: Path, data: dict[str, object]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_text(json.dumps(data))
    row: AnswerRow | None = None
    with contextlib.suppress(InputError):
        (row,) = read_answers(path)
    if row is not None:
        assert {"id", "answer"} <= set(data)
        assert row.id == data["id"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "a", "answer": "B", "confidence": 1}', "confidence"),
        ('{"id": "a"}', "'answer' is missing"),
        ('{"answer": "B"}', "'id' is missing"),
        ('{"id": " ", "answer": "B"}', "'id' is empty"),
        ('{"id": 7, "answer": "B"}', "'id' to be text"),
        ('{"id": "a", "answer": null}', "'answer' to be text"),
        ('{"id": "a", "answer": "B", "sample": true}', "'sample'"),
        ('{"id": "a", "answer": "B", "sample": -1}', "'sample'"),
        ('{"id": "a", "answer": "B", "sample": 1' + "0" * 5000 + "}", "row 2"),
        ('{"id": "a", "answer": "B", "option_logprobs": {"A": NaN}}', "NaN"),
        ('{"id": "a", "answer": "B", "option_logprobs": {"A": -Infinity}}', "-Infinity"),
        ('{"id": "a", "answer": "B", "option_logprobs": {"A": 1e999}}', "option_logprobs.A"),
        ('{"id": "a", "answer": "B", "option_logprobs": {"A": 2.5}}', "at most 0"),
        ('{"id": "a", "answer": "B", "option_logprobs": {"A": "-1"}}', "option_logprobs.A"),
        ('{"id": "a", "answer": "B", "status": "fine"}', "one of ok, refused"),
        ('{"id": "a", "answer": "B", "status": []}', "one of ok, refused"),
        ('{"id": "a", "answer": "B", "options": ["x", "x"]}', "stands twice"),
        ('{"id": "a", "id": "b", "answer": "B"}', "'id' stands twice"),
        ('["a", "B"]', "one JSON object per line"),
        ('{"id": "a", "answer": "B"', "cut off"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "first", "answer": "A"}\n' + line)
    with pytest.raises(InputError) as caught:
        read_answers(path)
    assert says in str(caught.value)
    assert caught.value.row == 2


def test_a_duplicate_names_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_text(f'{GOOD}\n\n{{"id": "a", "answer": "C", "sample": 1}}\n{{"id": "a", "answer": "D"}}\n')
    with pytest.raises(InputError, match=r"row 4: Second answer .*row 1"):
        read_answers(path)
    with pytest.raises(InputError, match="Second answer"):
        write_answers(tmp_path / "out.jsonl", [AnswerRow("a", "B"), AnswerRow("a", "C")])
    assert not (tmp_path / "out.jsonl").exists()


def test_defaults_lists_and_bare_slices(tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": "a", "answer": "", "options": ["yes", "no"], "slice": "site-1", "key": null}\r\n'
    )
    (row,) = read_answers(path)
    assert row == AnswerRow("a", "", options={"yes": "yes", "no": "no"}, slice={"slice": "site-1"})
    assert (row.condition, row.sample, row.key, row.status) == ("clean", 0, None, None)


def test_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(GOOD.encode() + b"\n" + '{"id": "b", "answer": "Lungenödem"}'.encode("latin-1"))
    with pytest.raises(InputError, match=r"row 2: The line is not UTF-8"):
        read_answers(path)


def test_lines_up_to_ten_megabytes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    frame = len('{"id": "a", "answer": ""}\n')
    path.write_text('{"id": "a", "answer": "%s"}\n' % ("x" * (MAX_LINE_BYTES - frame)))
    assert len(read_answers(path)[0].answer) == MAX_LINE_BYTES - frame
    path.write_text('{"id": "a", "answer": "%s"}\n' % ("x" * MAX_LINE_BYTES))
    with pytest.raises(InputError, match=r"row 1: The line is longer than 10 MB"):
        read_answers(path)


def test_a_folder_a_missing_file_and_an_empty_file_are_input_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    for path in (tmp_path, tmp_path / "none.jsonl", tmp_path / "empty.jsonl", Path("a\0b")):
        with pytest.raises(InputError):
            read_answers(path)
    with pytest.raises(InputError):
        write_answers(tmp_path / "none" / "x.jsonl", [AnswerRow("a", "B")])


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    write_answers(path, [AnswerRow("a", "B")])
    with pytest.raises(InputError, match="row 2"):
        write_answers(path, [AnswerRow("b", "B"), AnswerRow("c", "B", option_logprobs={"A": float("nan")})])
    assert read_answers(path) == (AnswerRow("a", "B"),)
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.jsonl"]
