"""Pseudonyms: equal for equal identifiers of one data set, and for nothing else."""

from __future__ import annotations

import re

import pytest

from audit.data.pseudonyms import is_placeholder, pseudonym, salt_of


def test_pseudonyms_differ_by_value_kind_and_data_set() -> None:
    salt, other = salt_of(["a", "b"]), salt_of(["a", "c"])
    assert salt == salt_of(["b", "a"])
    made = {pseudonym("p", salt, "1"), pseudonym("p", salt, "2"), pseudonym("s", salt, "1"), pseudonym("p", other, "1")}
    assert len(made) == 4
    assert all(re.fullmatch(r"[ps]-[0-9a-f]{10}", name) for name in made)
    assert pseudonym("p", salt, "1") == pseudonym("p", salt, "1")


@pytest.mark.parametrize("text", ["", " ", "Anonymous", "ANONYMIZED", "0000", "xxx", "N/A", "none", "unknown", "--"])
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["10", "P0", "MRN 7", "anon17", "Nona"])
def test_identifiers(text: str) -> None:
    assert not is_placeholder(text)
