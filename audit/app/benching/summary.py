"""What the rows of the controlled evaluation come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audit.app.benching.trial import METHODS
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json

ASKED = ("tested", "published")
"""Methods that may find nothing."""


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    """`sweep`: one line per stage, feature and V; `learned`: per stage, over settings whose model learned the
    correlation; `clean`: any discovery without correlation. Precision@10 is a mean over settings, with the range of
    the middle 95% of 2,000 bootstrap means."""
    sweep = [row for row in rows if row["kind"] == "sweep"]
    clean = [row for row in rows if row["kind"] == "clean"]
    mitigated = [row for row in rows if row["kind"] == "mitigate" and row["counts"]]
    return {
        "sweep": [_line(some, key) for key, some in _grouped(sweep, "stage", "feature", "v")],
        "learned": [
            _line(some, key) for key, some in _grouped([row for row in sweep if row["counts"]], "stage")
        ],
        "clean": [_clean(some, key) for key, some in _grouped(clean, "stage")],
        "mitigated": [_mitigated(some, key) for key, some in _grouped(mitigated, "stage")],
    }  # fmt: skip


def _grouped(
    rows: Sequence[Mapping[str, Any]], *names: str
) -> Iterator[tuple[dict[str, Json], list[Mapping[str, Any]]]]:
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    for key, some in found.items():
        yield dict(zip(names, key, strict=True)), some


def _line(rows: Sequence[Mapping[str, Any]], key: Mapping[str, Json]) -> dict[str, Json]:
    learned = [row for row in rows if row["counts"]]
    methods: dict[str, Json] = {name: _method(learned, name) for name in METHODS}
    rise = [row["learned"]["rise"] for row in rows]
    return {**key, "settings": len(rows), "learned": len(learned), "mean_rise": round(_mean(rise), 4), **methods}


def _method(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, Json]:
    told = [row["methods"][name] for row in rows]
    precision = [one["precision_at_10"] for one in told]
    made: dict[str, Json] = {"found": sum(one["found"] for one in told)}
    if name in ASKED:
        made["right_class"] = sum(one["attribute"] == row["target"] for one, row in zip(told, rows, strict=True))
    if precision:
        low, high = _spread(precision)
        made |= {"precision_at_10": round(_mean(precision), 4), "low": round(low, 4), "high": round(high, 4)}
    return made


def _clean(rows: Sequence[Mapping[str, Any]], key: Mapping[str, Json]) -> dict[str, Json]:
    def tally(name: str) -> dict[str, Json]:
        return Tally(sum(row["methods"][name]["found"] for row in rows), len(rows)).plain()

    accuracy = [row["accuracy"] for row in rows]
    of_feature = sum(row["methods"]["tested"]["precision_at_10"] >= 0.5 for row in rows)
    return {
        **key,
        "settings": len(rows),
        "accuracy": [round(min(accuracy), 3), round(_mean(accuracy), 3), round(max(accuracy), 3)],
        "tested": tally("tested"),
        "of_the_feature": Tally(of_feature, len(rows)).plain(),
        "dealt": tally("dealt"),
        "published": tally("published"),
    }


def _mitigated(rows: Sequence[Mapping[str, Any]], key: Mapping[str, Json]) -> dict[str, Json]:
    """Over settings whose region cluster was found: means before and after, and their paired difference."""
    found = [row for row in rows if row["found"]]
    made: dict[str, Json] = {**key, "settings": len(rows), "found": len(found)}
    for name in ("accuracy", "worst_group", "rise"):
        pairs = [(row["before"][name], row["after"][name]) for row in found]
        if pairs:
            low, high = _spread([after - before for before, after in pairs])
            made[name] = {
                "before": round(_mean([before for before, _ in pairs]), 4),
                "after": round(_mean([after for _, after in pairs]), 4),
                "low": round(low, 4),
                "high": round(high, 4),
            }
    made["still_found"] = sum(row["still_found"] for row in found)
    return made


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _spread(values: Sequence[float]) -> tuple[float, float]:
    import numpy as np

    rng = np.random.default_rng(len(values))
    means = rng.choice(np.asarray(values), (2000, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
