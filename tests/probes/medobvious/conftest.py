"""Synthetic data: labelled images, and rows as the official data has them, in its own numbers."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.dataset import Dataset, Record
from audit.core.image import Image
from audit.core.item import Request
from audit.core.observation import Observation
from probes.medobvious.probe import PROBE
from probes.parsing.positions import position_names

# Base grids and sides of the official tiers: 235 base grids, 1,880 rows.
TIERS = {"v1": (55, 2), "v2": (60, 2), "v3": (45, 3), "v4": (40, 2), "v5": (35, 2)}
NONE_TEXT = "None - all images are the same"


def flat_image(value: int) -> Image:
    return Image(lambda: np.full((8, 8), value % 251, dtype=np.uint8), f"flat {value}")


def official_records(tiers: dict[str, tuple[int, int]]) -> Iterable[Record]:
    for tier, (bases, n) in tiers.items():
        names = position_names(n)
        letters = string.ascii_uppercase
        options = {letters[i]: text for i, text in enumerate((*names, NONE_TEXT))}
        for index in range(bases):
            place = index % (n * n)
            gold = {"mcq": letters[place], "open": names[place]}
            rows = [
                ("det_mcq", "detection_mcq", gold["mcq"], False),
                ("det_open", "detection_open", gold["open"], False),
                ("ref_mcq", "referring_mcq", gold["mcq"], False),
                ("ref_open", "referring_open", gold["open"], False),
                ("vis_pos", "visual_referring", "Yes", False),
                ("det_mcq_neg", "detection_mcq", letters[n * n], True),
                ("det_open_neg", "detection_open", "none", True),
                ("vis_neg", "visual_referring", "No", True),
            ]
            base = f"{tier}_ct_{index:03d}"
            for suffix, task, answer, negative in rows:
                meta = {
                    "task_type": task,
                    "question": f"Official question of {suffix} (MRI scan)?",
                    "options": options if task.endswith("mcq") else {},
                    "answer": answer,
                    "answer_position": None if negative else names[place],
                    "answer_keywords": ["contradictory"],
                    "is_negative": negative,
                    "tier": tier,
                    "n": n,
                }
                yield Record(f"{base}_{suffix}", flat_image(index), base, {}, meta)


def official(tiers: dict[str, tuple[int, int]] | None = None) -> Dataset:
    return Dataset("official", "medobvious", tuple(official_records(tiers or TIERS)))


LABELS = (
    ("X-ray", "chest", "PA", "no finding"), ("X-ray", "chest", "lateral", "no finding"),
    ("X-ray", "chest", "PA", "nodule"), ("CT", "abdomen", "axial", "no finding"),
    ("CT", "head", "axial", "no finding"), ("MRI", "head", "axial", "mass"),
)  # fmt: skip


def labelled(each: int = 24, labels: Sequence[tuple[str, str, str, str]] = LABELS, patients: bool = False) -> Dataset:
    """`each` distinct images of every label combination, a patient for every two images if asked."""
    records = []
    for kind, (modality, anatomy, view, finding) in enumerate(labels):
        for index in range(each):
            name = f"{kind}-{index:04d}"
            seed = [kind, index]

            def load(seed: list[int] = seed) -> np.ndarray:
                return np.random.default_rng(seed).integers(1, 255, (20, 30), dtype=np.uint8)

            cluster = f"p{kind}-{index // 2}" if patients else name
            found = {"modality": modality, "anatomy": anatomy, "view": view, "finding": finding}
            records.append(Record(name, Image(load), cluster, {k: v for k, v in found.items() if v}))
    return Dataset("labelled", "images", tuple(records), has_patients=patients)


def plan(dataset: Dataset, seed: int = 0, **given: object):
    return PROBE.plan(dataset, PROBE.options(given), np.random.default_rng(seed))


def observe(
    requests: Iterable[Request], say: Callable[[Request], str | Answer], controls: Iterable[str] = ()
) -> list[Observation]:
    """What the application does: judge each answer, and note what it is about."""
    rows = []
    for request in requests:
        said = say(request)
        answer = said if isinstance(said, Answer) else Answer(text=said)
        for judgement in PROBE.judge(request, answer):
            control = request.condition in controls
            if control and judgement.scoring != "strict":
                continue
            rows.append(
                Observation(
                    "medobvious", request.item.id, request.item.cluster, "model",
                    "control" if control else judgement.scoring, judgement.outcome, judgement.value, judgement.given,
                    request.item.target, request.condition, request.query.sample, request.item.tags,
                )
            )  # fmt: skip
    return rows


def value_of(observations: Sequence[Observation], metric: str, scoring: str = "strict", **tags: str) -> float:
    """The value of one measure: totals over all rows, then the statistic."""
    for measure in PROBE.measures(observations):
        if (measure.metric, measure.scoring, dict(measure.tags)) == (f"medobvious.{metric}", scoring, tags):
            rows = [
                measure.row(row)
                for row in observations
                if (row.scoring, row.condition) == (measure.scoring, measure.condition)
            ]
            return float(measure.statistic(np.array([row for row in rows if row is not None]).sum(axis=0)))
    raise AssertionError(f"no measure {metric} with {tags} under {scoring} scoring")


class Kit:
    """The helpers above, for tests: a conftest cannot be imported."""

    official = staticmethod(official)
    labelled = staticmethod(labelled)
    plan = staticmethod(plan)
    observe = staticmethod(observe)
    value_of = staticmethod(value_of)


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit


@pytest.fixture(scope="session")
def official_requests() -> tuple[Request, ...]:
    """The 1,880 published questions."""
    requests = plan(official(), prompts="published", variants="grid").requests
    assert len(requests) == 1880
    return requests
