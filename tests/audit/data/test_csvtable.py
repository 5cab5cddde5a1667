"""Tables that people write: good ones round trip, everything else is one InputError with the row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.data.csvtable import MAX_CELL, read_table

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def table(tmp_path: Path, body: str | bytes) -> Path:
    path = tmp_path / "t.csv"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_csv_writes_reads_back(tmp_path: Path, rows: list[list[str]], end: str) -> None:
    rows = [["x", *row] for row in rows]
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["path", "a", "b"], *rows])
    found = read_table(table(tmp_path, stream.getvalue()), ("path",))
    assert [list(row.values()) for _, row in found.rows] == [[cell.strip() for cell in row] for row in rows]


@given(st.binary(max_size=200) | cells.map(lambda text: f"path,a\n{text}".encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_any_bytes_give_a_table_or_one_input_error(tmp_path: Path, body: bytes) -> None:
    path = table(tmp_path, body)
    try:
        found = read_table(path, ("path",))
    except InputError as error:
        message = str(error)
    else:
        message = f"{path} {len(found.rows)}"
        assert found.rows
    assert str(path) in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("body", "row", "says"),
    [
        ("", None, "is empty"),
        ("\n\n", None, "is empty"),
        ("path,finding\n", None, "no rows"),
        ("path,view\na.png,PA\n", 1, "lacks the column 'finding'"),
        ("path;finding\na;b\n", 1, "by commas"),
        ("path,finding,Finding\na,b,c\n", 1, "both mean 'finding'"),
        ("path,finding,patient_id,subject\na,b,c,d\n", 1, "both mean 'patient'"),
        ("path,finding,\na,b,c\n", 1, "no name"),
        ("path,finding\na,b\n\nc\n", 4, "has 1 cells"),
        ("path,finding\na,b\nc,d,e\n", 3, "has 3 cells"),
        ('path,finding\n"a\nb",c\nd\n', 4, "has 1 cells"),
        ('path,finding\na,b\n"c,d\n', 3, "is not CSV"),
        (b"path,finding\na,b\nc,\xff\n", 3, "is not UTF-8"),
        ("path,finding\na,\0b\n", 2, "NUL"),
        (f"path,finding\na,{'x' * (MAX_CELL + 1)}\n", 2, "limit 20,000"),
        (f"path,finding\na,{'x' * 200_000}\n", 2, "is not CSV"),
        ("path,finding\na,b\n".encode("utf-16"), 1, "is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, body: str | bytes, row: int | None, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table(table(tmp_path, body), ("path", "finding"))
    assert says in str(caught.value)
    assert caught.value.row == row


def test_byte_order_mark_aliases_and_empty_lines(tmp_path: Path) -> None:
    found = read_table(table(tmp_path, b"\xef\xbb\xbfImage Path,Patient-ID\r\n\r\n a.png ,7\r\n"), ("path",))
    assert found.columns == ("path", "patient")
    assert found.rows == ((3, {"path": "a.png", "patient": "7"}),)


def test_an_alias_stays_itself_where_the_name_is_taken(tmp_path: Path) -> None:
    found = read_table(table(tmp_path, "path,filename\na,b\n"), ("path",))
    assert found.columns == ("path", "filename")


def test_a_folder_or_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InputError, match="no such file"):
            read_table(path, ("path",))
