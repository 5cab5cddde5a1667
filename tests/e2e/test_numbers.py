"""The main findings of a run, computed once more from its observations with numpy, scipy and statsmodels alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import beta, t

from audit.app.tables import read_observations
from probes.medobvious.strict import ALSO_RIGHT

ALPHA = 0.025
MODEL = '''
"""Two models that know nothing and differ in how often they say so."""

import hashlib


def make(name, choices):
    def answer(text, images):
        import numpy as np

        seen = b"".join(np.asarray(image.convert("L")).tobytes() for image in images)
        return choices[hashlib.sha256(name + seen + text.encode()).digest()[0] % len(choices)]

    return answer


def model():
    return make(b"m", ["A", "top-left", "none", "no", "E", "none, no", "hm"])


def base():
    return make(b"b", ["A", "B", "top-left", "none", "yes", "no", "E", "I cannot help with that."])
'''


@pytest.fixture
def numbers(medaudit: Any, manifest: Any, tmp_path: Path, findings: Any) -> tuple[list[Any], Any]:
    (tmp_path / "mine.py").write_text(MODEL)
    setup = ["--set", "medobvious.panel=32", "--set", "medobvious.n_grids=24"]
    models = ["--model", "python:mine:model", "--base", "python:mine:base"]
    data = ["--probe", "medobvious", "--data", manifest(160)]
    done = medaudit("run", *data, *models, *setup, "--out", "run", "--fail-on", "never")
    assert done.code == 0, done.err
    rows = [row for row in read_observations(tmp_path / "run" / "observations.parquet") if row.condition == "clean"]
    return rows, lambda **wanted: findings("run", scoring="strict", **{"tags": {}, **wanted})[0]


def table(rows: list[Any], role: str, polarity: str) -> np.ndarray:
    """(hits, items) per cluster: outliers found, or false alarms raised."""
    chosen = [r for r in rows if (r.model, r.scoring, r.tags["polarity"]) == (role, "strict", polarity)]
    hit = "correct" if polarity == "positive" else "wrong"
    names = sorted({row.cluster for row in chosen})
    own = [[row.outcome == hit for row in chosen if row.cluster == name] for name in names]
    return np.array([[sum(hits), len(hits)] for hits in own], dtype=float)


def bound(counts: np.ndarray, alpha: float, *, lower: bool) -> float:
    """Korn and Graubard 1998: Clopper-Pearson on p q / v, scaled by squared t quantiles."""
    hits, items = counts.T
    n, clusters, kish = items.sum(), len(items), items.sum() ** 2 / (items**2).sum()
    share = hits.sum() / n
    if 0 < share < 1:
        variance = clusters / (clusters - 1) * ((hits - share * items) ** 2).sum() / n**2
        size = min(n, share * (1 - share) / variance * (t.ppf(alpha, n - 1) / t.ppf(alpha, kish - 1)) ** 2)
    else:
        size = kish
    x = share * size
    if lower:
        return float(beta.ppf(alpha, x, size - x + 1)) if x > 0 else 0.0
    return float(beta.ppf(1 - alpha, x + 1, size - x)) if x < size else 1.0


def one_sided(counts: np.ndarray, limit: float, *, above: bool) -> float:
    """The smallest alpha at which the bound clears the limit."""
    sign = 1 if above else -1

    def gap(logit: float) -> float:
        return sign * (bound(counts, 1 / (1 + np.exp(-logit)), lower=above) - limit)

    return float(1 / (1 + np.exp(-brentq(gap, np.log(1e-12), -1e-4)))) if gap(np.log(1e-12)) < 0 else 1e-12


def test_a_run_recomputed(numbers: Any) -> None:
    """One run serves all checks."""
    check_endpoints(*numbers)
    check_difference_from_base(*numbers)
    check_leaderboard_average(*numbers)
    check_unread_answers_and_controls(*numbers)


def check_endpoints(rows: list[Any], pick: Any) -> None:
    from statsmodels.stats.multitest import multipletests

    sensitivity, alarms = (table(rows, "model", polarity) for polarity in ("positive", "negative"))
    p_fail = []
    for metric, counts, limit, above in (
        ("medobvious.sensitivity", sensitivity, 0.8, False),
        ("medobvious.false_alarm_rate", alarms, 0.1, True),
    ):
        found = pick(metric=metric, comparison="absolute", model="model")
        assert found["estimate"] == pytest.approx(counts[:, 0].sum() / counts[:, 1].sum())
        assert found["ci_low"] == pytest.approx(bound(counts, 0.025, lower=True), abs=1e-9)
        assert found["ci_high"] == pytest.approx(bound(counts, 0.025, lower=False), abs=1e-9)
        assert (found["n_items"], found["n_clusters"]) == (counts[:, 1].sum(), len(counts))
        assert found["threshold"] == limit
        p_fail.append(one_sided(counts, limit, above=above))
        assert found["verdict"] == "fail"
        assert found["p"] == pytest.approx(p_fail[-1], rel=1e-3)
    versus = pick(metric="medobvious.youden_j", comparison="vs_base")
    # The third member of the family does not fail here: its p is above alpha, so that Holm multiplies by 3 and by 2.
    assert versus["verdict"] in ("pass", "inconclusive")
    adjusted = multipletests([*p_fail, 1.0], method="holm")[1]
    for metric, p in zip(("medobvious.sensitivity", "medobvious.false_alarm_rate"), adjusted, strict=False):
        assert pick(metric=metric, comparison="absolute", model="model")["p_adjusted"] == pytest.approx(p, rel=1e-3)


def check_difference_from_base(rows: list[Any], pick: Any) -> None:
    found = pick(metric="medobvious.youden_j", comparison="vs_base")
    arms = {(r, p): table(rows, r, p) for r in ("model", "base") for p in ("positive", "negative")}
    shares = {key: counts[:, 0].sum() / counts[:, 1].sum() for key, counts in arms.items()}
    signs = {("model", "positive"): 1, ("model", "negative"): -1, ("base", "positive"): -1, ("base", "negative"): 1}
    assert found["estimate"] == pytest.approx(sum(signs[key] * shares[key] for key in arms))
    influence = sum(signs[k] * (c[:, 0] - shares[k] * c[:, 1]) / c[:, 1].sum() for k, c in arms.items())
    reach = t_reach(influence)
    # Where few clusters disagree, the exact bounds are wider than a standard error tells; they are never narrower.
    assert found["ci_low"] <= found["estimate"] - 0.75 * reach
    assert found["ci_high"] >= found["estimate"] + 0.75 * reach
    assert found["n_clusters"] == len(influence)


def check_leaderboard_average(rows: list[Any], pick: Any) -> None:
    mine = [row for row in rows if (row.model, row.scoring) == ("model", "strict")]
    formats = sorted({row.tags["format"] for row in mine})
    columns = [("format", name) for name in formats] + [("polarity", "positive"), ("polarity", "negative")]
    clusters = sorted({row.cluster for row in mine})
    average, influence = 0.0, np.zeros(len(clusters))
    for tag, value in columns:
        chosen = [row for row in mine if row.tags[tag] == value]
        column_share = np.mean([row.outcome == "correct" for row in chosen])
        average += column_share / 7
        for row in chosen:
            influence[clusters.index(row.cluster)] += ((row.outcome == "correct") - column_share) / len(chosen) / 7
    found = pick(metric="medobvious.average_of_seven", comparison="absolute", model="model")
    assert len(columns) == 7
    assert found["ci_method"].startswith("BCa")
    assert found["estimate"] == pytest.approx(average)
    # BCa leans to the side of the skew; its width is that of the linearised interval.
    width = found["ci_high"] - found["ci_low"]
    assert width == pytest.approx(2 * t_reach(influence), rel=0.25)
    assert 0.25 * width < average - found["ci_low"] < 0.75 * width


def t_reach(influence: np.ndarray) -> float:
    """Half the width of the linearised 95% interval."""
    clusters = len(influence)
    return float(t.ppf(0.975, clusters - 1) * np.sqrt(clusters / (clusters - 1) * (influence**2).sum()))


def check_unread_answers_and_controls(rows: list[Any], pick: Any) -> None:
    mine = [row for row in rows if (row.model, row.scoring) == ("model", "strict")]
    right, unread = (sum(row.outcome in kind for row in mine) for kind in (("correct",), ("refused", "unparsed")))
    found = pick(metric="medobvious.accuracy", comparison="absolute", model="model")
    assert found["n_unjudged"] == unread > 0
    annotated = {name: float(found["tags"][name]) for name in ("bound_worst", "bound_best")}
    expected = {"bound_worst": right / len(mine), "bound_best": (right + unread) / len(mine)}
    assert annotated == pytest.approx(expected, abs=5e-5)
    blind = pick(metric="medobvious.accuracy", comparison="vs_control", model="model", tags={"control": "constant"})
    control = pick_control(mine)
    assert blind["estimate"] == pytest.approx(right / len(mine) - control)


def pick_control(mine: list[Any]) -> float:
    """What the best unchanging answer to each kind of question gets right."""
    kinds: dict[tuple[str, str], Counter[str]] = {}
    for row in mine:
        kinds.setdefault((row.tags["format"], row.tags["grid"]), Counter())[row.target] += 1
    best = {kind: min(counts, key=lambda a: (-counts[a], a not in ("none", "no"), a)) for kind, counts in kinds.items()}
    said = [best[row.tags["format"], row.tags["grid"]] for row in mine]
    # Where a panel was shown twice, either place is right.
    right = [answer in (row.target, row.tags.get(ALSO_RIGHT)) for answer, row in zip(said, mine, strict=True)]
    return sum(right) / len(mine)
