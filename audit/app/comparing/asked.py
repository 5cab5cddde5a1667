"""Models that are asked: the audit of the one probe that takes the data, without corruptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audit.app.binding import load_data
from audit.app.comparing.config import CellSpec
from audit.app.comparing.screen import scores
from audit.app.comparing.tuned import TAG, TUNED
from audit.app.config import FailOn, RunConfig, parse_data
from audit.app.pipeline import Outcome
from audit.core.dataset import DatasetKind
from audit.core.errors import InputError
from audit.core.redact import redact
from probes.comparison.metrics import NAME, Metric

ASKS: dict[DatasetKind, str] = {
    "medobvious": "medobvious",
    "mediconfusion": "mediconfusion",
    "vqa": "shifts",
    "images": "shifts",
}
"""Which probe asks the questions of a kind of data."""


def run_config(
    cell: CellSpec,
    data: tuple[str, ...],
    *,
    metrics: tuple[Metric, ...],
    out: Path | None,
    seed: int,
    policy: Path | None,
    fail_on: FailOn,
    allow_hosts: tuple[str, ...],
    repeats: int | float,
    tune_prompts: int,
    shots: int,
    command: str,
) -> RunConfig:
    """The run that compares two models on data: every question of the data, clean. Raises `InputError` where the data
    are of several kinds."""
    config = RunConfig(
        model=cell.model,
        base=cell.base,
        data=parse_data(data, ()),
        metrics=metrics,
        only_compare=True,
        out=out,
        seed=seed,
        policy=policy,
        fail_on=fail_on,
        allow_hosts=allow_hosts,
        repeats=repeats,
        tune_prompts=tune_prompts,
        shots=shots,
        command=command,
    )
    kinds = {entry.dataset.kind for entry in load_data(config, need_images=False)}
    probes = {ASKS[kind] for kind in kinds}
    if len(probes) != 1:
        raise InputError(
            f"The data are of several kinds: {', '.join(sorted(kinds))}", remedy="compare on one at a time"
        )
    options = {"shifts": {"corruptions": "none", "items": 0}} if probes == {"shifts"} else {}
    return replace(config, probes=tuple(probes), options=options)


def comparison_lines(outcome: Outcome) -> Iterator[str]:
    """The scores of both models with their differences, for the screen."""
    for entry in outcome.prepared.planned:
        lines = list(scores(outcome.findings, {"probe": entry.name}))
        if lines:
            yield redact(f"Model against base, questions of {entry.name}:")
            yield from lines
        tuned = list(scores(outcome.findings, {"probe": entry.name, TAG: TUNED}))
        if tuned:
            yield "Each with the prompt that suits it best, on patients that did not choose it:"
            yield from tuned
    yield from (found.plain_words for found in outcome.findings if found.metric == f"{NAME}.prompt_agreement")
