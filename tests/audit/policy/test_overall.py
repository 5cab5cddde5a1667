from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.finding import Finding
from audit.policy.overall import overall

VERDICTS = ["pass", "fail", "inconclusive", "not_assessed"]


def primary(verdict: Any, name: str = "a") -> Finding:
    return Finding("toy", f"Title {name}", "Words.", f"toy.{name}", "strict", "model", role="primary", verdict=verdict)


def findings(*verdicts: str) -> list[Finding]:
    return [primary(verdict, f"m{k}") for k, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "lacking", "errors", "fail_on", "verdict", "code"),
    [
        (["pass", "pass"], {}, 0, "fail", "pass", 0),
        (["pass", "pass"], {}, 0, "inconclusive", "pass", 0),
        (["pass", "fail"], {}, 0, "fail", "fail", 1),
        (["fail", "inconclusive"], {}, 0, "fail", "fail", 1),
        (["pass", "inconclusive"], {}, 0, "fail", "inconclusive", 0),
        (["pass", "inconclusive"], {}, 0, "inconclusive", "inconclusive", 1),
        (["pass", "not_assessed"], {}, 0, "fail", "inconclusive", 0),
        ([], {}, 0, "fail", "inconclusive", 0),
        (["pass"], {"phi": "not built"}, 0, "fail", "incomplete", 3),
        (["pass"], {}, 1, "fail", "incomplete", 3),
        (["fail"], {}, 1, "fail", "incomplete", 3),
        (["fail"], {"phi": "not built"}, 0, "inconclusive", "incomplete", 3),
        (["fail"], {}, 0, "never", "fail", 0),
        (["fail"], {"phi": "not built"}, 2, "never", "incomplete", 0),
    ],
)
def test_table(
    verdicts: list[str], lacking: dict[str, str], errors: int, fail_on: Any, verdict: str, code: int
) -> None:
    total = overall(findings(*verdicts), lacking, errors, fail_on)
    assert (total.verdict, total.exit_code) == (verdict, code)
    assert total.sentence.startswith(verdict.capitalize())
    assert bool(total.reasons) is (verdict != "pass")


def test_reasons_name_what_is_missing_first_then_failures() -> None:
    total = overall(findings("inconclusive", "fail", "pass"), {"phi": "not built.", "demo": "no text"}, 3)
    assert total.reasons == (
        "demo was not assessed: no text.",
        "phi was not assessed: not built.",
        "3 questions got no answer; the same command again asks only them.",
        "Title m1: Words.",
        "Title m0: Words.",
    )


def test_exploratory_findings_decide_nothing() -> None:
    stray = Finding("toy", "T", "W.", "toy.a", "strict", "model", verdict="fail")
    assert overall([stray, *findings("pass")], {}, 0).verdict == "pass"


@given(
    st.lists(st.sampled_from(VERDICTS), max_size=6),
    st.dictionaries(st.sampled_from(["a", "b"]), st.just("why"), max_size=2),
    st.integers(0, 3),
    st.sampled_from(["fail", "inconclusive", "never"]),
)
def test_precedence_always_holds(verdicts: list[str], lacking: dict[str, str], errors: int, fail_on: Any) -> None:
    total = overall(findings(*verdicts), lacking, errors, fail_on)
    if lacking or errors:
        assert total.verdict == "incomplete"
    elif "fail" in verdicts:
        assert total.verdict == "fail"
    assert (total.verdict == "pass") is bool(verdicts and set(verdicts) == {"pass"} and not lacking and not errors)
    if fail_on == "never":
        assert total.exit_code == 0
    else:
        codes = {"incomplete": 3, "fail": 1, "pass": 0, "inconclusive": int(fail_on == "inconclusive")}
        assert total.exit_code == codes[total.verdict]
