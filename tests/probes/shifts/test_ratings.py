"""A judge against people: agreement is measured, unread verdicts count, bad files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audit.app.cli import run_command
from audit.core.errors import InputError
from probes.shifts.ratings import judge_quality, read_ratings, to_ask

HEAD = "question,answer,response,rating\n"


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    path = tmp_path / "ratings.csv"
    lines = [f"Where {i}?,left side,{('left side', 'on the left', 'right', 'nowhere')[i % 4]},{(5, 5, 2, 1)[i % 4]}"
             for i in range(40)]  # fmt: skip
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def test_a_judge_that_rates_as_people_do_agrees(ratings: Path) -> None:
    rows = read_ratings(ratings)
    asked = to_ask(rows)
    assert len(asked) == 30, "ten answers are right word for word"
    opinions = {place: f"Rating: {rows[place].rating:.0f}" for place in asked}
    quality = judge_quality(rows, opinions, np.random.default_rng(0))
    assert quality.judge.tau == pytest.approx(1)
    assert quality.token_f1.tau is not None
    assert quality.token_f1.tau < 1
    assert (quality.n_unread, quality.n_settled) == (0, 10)


def test_unread_verdicts_are_counted_as_the_lowest(ratings: Path) -> None:
    rows = read_ratings(ratings)
    quality = judge_quality(rows, dict.fromkeys(to_ask(rows), "hm"), np.random.default_rng(0))
    assert quality.n_unread == 30
    assert quality.judge.tau is not None
    assert 0 < quality.judge.tau < 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "lacks the column"),
        (HEAD + "Where?,left,here,good\n", "no number"),
        (HEAD + ",left,x,1\n", "empty"),
    ],
)
def test_bad_ratings(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(InputError, match=told):
        read_ratings(tmp_path / "r.csv")


def test_the_command(ratings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["judge", "--judge", "control:constant:Rating%3A 3", "--ratings", str(ratings)]) == 0
    out = capsys.readouterr().out
    assert "Kendall's tau" in out
    assert "0 verdicts could not be read" in out
