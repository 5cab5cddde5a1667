"""Model output is hostile text: a megabyte of anything is read in linear time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from audit.core.query import Option
from probes.parsing.options import read_option
from probes.parsing.positions import read_position
from probes.parsing.reading import Reading, only
from probes.parsing.refusal import is_refusal
from probes.parsing.yes_no import read_yes_no

Fastest = Callable[[Callable[[], object], float], float]
OPTIONS = (Option("A", "top-left"), Option("B", "top-right"), Option("C", "None"))
READERS: dict[str, Callable[[str], Reading]] = {
    "option": lambda text: read_option(text, OPTIONS),
    "position": lambda text: read_position(text, 3),
    "yes_no": read_yes_no,
    "refusal": lambda text: only((), refusal=is_refusal(text)),
}
UNITS = (
    "a",
    " ",
    "\n",
    ".",
    "<",
    "A ",
    "top ",
    "row 1 ",
    "\\boxed{",
    "answer is ",
    "not ",
    "all the ",
    "(",
    "*",
    "é",
    "\u200b",
    "- ",
)


@pytest.mark.parametrize("reader", READERS)
def test_a_megabyte_of_anything_is_read_quickly(reader: str, fastest: Fastest) -> None:
    for unit in UNITS:
        text = unit * (250_000 // len(unit))
        assert fastest(partial(READERS[reader], text), 2.5) < 2.5, repr(unit)


def test_a_megabyte_of_script_names_nothing(fastest: Fastest) -> None:
    text = "<script>alert(1)</script>" * 40_000
    assert len(text) >= 1_000_000
    assert read_option(text, OPTIONS).given is None
    assert read_position(text, 2).given is None
    assert read_yes_no(text).given is None
    assert fastest(lambda: (read_option(text, OPTIONS), read_position(text, 2), read_yes_no(text)), 8) < 8


def test_only_one_distinct_thing_counts() -> None:
    assert only(["A", "A"]) == Reading(given="A")
    assert only(["A", "B"]) == Reading(problem="several_named")
    assert only([]) == Reading(problem="none_named")
    assert only([], refusal=True) == Reading(problem="refused")
