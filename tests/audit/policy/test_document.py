from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.policy.document import read_document
from audit.policy.policy import load_policy

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"alpha: 0.01\nname: \xff\xfe\n", "row 2: Not UTF-8"),
        (BOMB.encode(), "row 1: Anchors and aliases are not allowed"),
        (b"a: " + b"[" * 5000, "Nested deeper"),
        (b"a: " + b"{x: " * 100, "Nested deeper"),
        (b"alpha: 1\nalpha: 2\n", "row 2: The key 'alpha' occurs twice"),
        (b"1: 2\n", "keys to be plain text"),
        (b"[a, b]: 2\n", "keys to be plain text"),
        (b"? {a: b}\n: 2\n", "keys to be plain text"),
        (b"<<: {alpha: 1}\n", "keys to be plain text"),
        (b"name: !!python/object/apply:os.system ['true']\n", "row 1: Expected text"),
        (b"name: !!python/name:os.system\n", "row 1: Expected text"),
        (b"name: 2024-01-01\n", "type 'timestamp'"),
        (b"name: !!binary aGk=\n", "type 'binary'"),
        (b"alpha: 0.01\n  name: x\n", "row 2: Not valid YAML"),
        (b"alpha: 'never closed\n", "Not valid YAML"),
        (b"name: a\x00b\n", "Not valid YAML"),
        (b"resamples: " + b"9" * 6000, "Not valid YAML"),
        (b"--- 1\n--- 2\n", "Not valid YAML"),
        (b"#" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_hostile_files_are_refused_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_document(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("text", ["[1, 2]", "just text", "3", "null"])
def test_a_document_that_is_no_mapping_is_no_policy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match="a mapping"):
        load_policy(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        read_document(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="cannot be read: is a directory"):
        read_document(tmp_path)


def test_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"\xef\xbb\xbfalpha: 0.01\n")
    assert load_policy(path).alpha == 0.01


def complaint(path: Path) -> str | None:
    """What reading the policy complains about, None where it is fine; any other exception passes through."""
    try:
        load_policy(path)
    except InputError as error:
        return str(error)
    return None


@given(st.binary(max_size=200))
def test_any_bytes_give_a_policy_or_one_clear_line(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_bytes(data)
    said = complaint(path)
    assert said is None or (said.startswith(str(path)) and "\n" not in said)


@given(st.text(st.sampled_from("alph: 0.5\n-[]{}&*!'\"#?|>%@`,<\t"), max_size=60))
def test_any_punctuation_gives_a_policy_or_one_clear_line(tmp_path_factory: pytest.TempPathFactory, data: str) -> None:
    path = tmp_path_factory.getbasetemp() / "punctuation.yaml"
    path.write_text(data, "utf-8")
    said = complaint(path)
    assert said is None or said.startswith(str(path))
