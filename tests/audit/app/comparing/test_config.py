"""Pairs of files from flags and from pairs.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.app.comparing.config import CellSpec, CompareConfig, cells_of, read_pairs
from audit.core.errors import InputError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pairs.yaml"
    path.write_text(text)
    return path


def test_pairs_are_read_relative_to_their_file(tmp_path: Path) -> None:
    path = written(tmp_path, "- {name: derma, pair: large, model: 'replay:a.jsonl', base: 'replay:/b.jsonl'}\n")
    assert read_pairs(path) == (CellSpec("derma", "large", f"replay:{tmp_path}/a.jsonl", "replay:/b.jsonl"),)


def test_a_mapping_with_pairs_is_read_too_and_names_have_defaults(tmp_path: Path) -> None:
    path = written(
        tmp_path, "pairs:\n- {model: 'replay:/a', base: 'replay:/b'}\n- {model: 'replay:/c', base: 'replay:/d'}\n"
    )
    assert [(cell.name, cell.pair) for cell in read_pairs(path)] == [("data 1", "pair"), ("data 2", "pair")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "Expected a list of pairs"),
        ("[]\n", "Expected a list of pairs"),
        ("- {model: 'replay:a'}\n", "row 1: Pair 1 has no 'base'"),
        ("- {model: 'replay:a', base: 'replay:b'}\n- {modle: x}\n", "row 2: Unknown key 'modle'"),
        ("- {model: 3, base: 'replay:b'}\n", "text that is not empty"),
        ("- nonsense\n", "a mapping with model and base"),
        ("- {name: x, model: 'replay:a', base: 'replay:b'}\n- {name: x, model: 'replay:a', base: 'replay:c'}\n",
         "Two pairs have the name 'x'"),
    ],
)  # fmt: skip
def test_a_file_of_pairs_that_cannot_be_used_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_pairs(written(tmp_path, text))
    assert said in str(error.value)
    assert "pairs.yaml" in str(error.value)


def test_flags_pair_in_the_order_in_which_they_stand() -> None:
    cells = cells_of(["replay:a", "replay:b"], ["replay:c", "replay:d"], ["one", "two"])
    assert [(cell.name, cell.model, cell.base) for cell in cells] == [
        ("one", "replay:a", "replay:c"),
        ("two", "replay:b", "replay:d"),
    ]


@pytest.mark.parametrize(
    ("models", "bases", "names"),
    [
        ([], [], []),
        (["replay:a"], [], []),
        (["replay:a"], ["replay:b", "replay:c"], []),
        (["a:b"], ["a:c"], ["x", "y"]),
    ],
)
def test_flags_that_do_not_pair_are_refused(models: list[str], bases: list[str], names: list[str]) -> None:
    with pytest.raises(InputError, match="Expected"):
        cells_of(models, bases, names)


def test_findings_carry_the_name_of_a_pair_only_where_there_are_several() -> None:
    one, two = CellSpec("derma", "x", "replay:a", "replay:b"), CellSpec("derma", "y", "replay:c", "replay:d")
    assert CompareConfig((one,), ("accuracy",), tagged=False).tags(one) == {}
    assert CompareConfig((one,), ("accuracy",), tagged=True).tags(one) == {"data": "derma"}
    assert CompareConfig((one, two), ("accuracy",), tagged=True).tags(two) == {"data": "derma", "pair": "y"}
