"""Canaries: chosen the same way every time, and a change is one of the majority."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.query import Decoding, Query, ask
from audit.models.canary import changed, choose

PAIRS = [(Query(ask(f"q{n}")), Answer(f"a{n}")) for n in range(10)]


def test_choice_is_greedy_good_and_stable() -> None:
    hot = (Query(ask("hot"), decoding=Decoding(temperature=1.0)), Answer("x"))
    bad = (Query(ask("bad")), Answer.failed("no"))
    picked = choose([hot, bad, *PAIRS], 4)
    assert picked == choose([*reversed(PAIRS), bad, hot], 4)
    assert len(picked) == 4
    assert hot not in picked
    assert bad not in picked
    assert choose([hot, bad]) == []


def test_changed() -> None:
    before = [Answer("a"), Answer("b"), Answer("c", option_logprobs={"A": -0.1, "B": -2.0})]
    same = [Answer(" a\n"), Answer("b"), Answer("c", option_logprobs={"A": -0.2, "B": -1.7})]
    assert changed(before, same) == ""
    assert changed(before, [Answer("x"), *same[1:]]) == ""
    assert changed(before, [Answer("x"), Answer("y"), same[2]]).startswith("2 of 3")
    assert changed(before, [Answer("x"), Answer.failed("down"), Answer.failed("down")]).startswith("1 of 1")
    assert changed(before, [Answer.failed("down")] * 3) == ""
    assert changed([], []) == ""
