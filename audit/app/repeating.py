"""Questions asked a second time: which, how they differ from the first time, and what the two answers say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.app.sample import sample_items
from audit.core.errors import InputError
from audit.core.item import CLEAN, REPEAT, Request
from audit.core.measure import Measure, share
from audit.core.observation import Observation
from audit.core.query import Query

if TYPE_CHECKING:
    import numpy as np

DEFAULT = 24
"""As many as the shifts probe asks about corrupted images: above the 20 clusters below which nothing can pass."""


def parse_repeats(text: str) -> int | float:
    """`--repeats`: a whole number of clean requests per probe (0: none), or a share of them ("0.1", "10%"). Raises
    `InputError`."""
    if text.isdecimal():
        return int(text)
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise InputError(
            f"Expected repeats to be a whole number, or a share above 0 and up to 1, but got {text!r}",
            remedy="for example --repeats 24 or --repeats 0.1",
        )
    return value


def stride_of(requests: Sequence[Request]) -> int:
    """What is added to the sample number of a request that is asked again: no request of the probe has such a number,
    so that no stored answer is taken for the second one."""
    return 1 + max((request.query.sample for request in requests), default=0)


def repeat_requests(requests: Sequence[Request], wanted: int | float, rng: np.random.Generator) -> tuple[Request, ...]:
    """The clean requests to ask again, in an order drawn by chance: `wanted` items, or that share of them.

    Items that are asked under other conditions too come first, since it is their answers that are compared; of either
    kind whole clusters are drawn, in proportion over strata. The query is another sample of the same, with another seed
    where text is drawn.
    """
    clean = [request for request in requests if request.condition == CLEAN]
    items = {request.item.id: request.item for request in clean}
    number = wanted if isinstance(wanted, int) else max(1, round(wanted * len(items))) if items else 0
    compared = {request.item.id for request in requests if request.condition != CLEAN}
    first = [item for item in items.values() if item.id in compared]
    rest = [item for item in items.values() if item.id not in compared]
    chosen = {item.id for item in sample_items(first, number, rng)}
    chosen |= {item.id for item in sample_items(rest, max(0, number - len(first)), rng)}
    asked = [request for request in clean if request.item.id in chosen]
    stride = stride_of(requests)
    return tuple(
        replace(asked[place], query=_again(asked[place].query, stride), condition=REPEAT)
        for place in rng.permutation(len(asked))
    )


def _again(query: Query, stride: int) -> Query:
    decoding = query.decoding
    if decoding.temperature > 0:
        decoding = replace(decoding, seed=decoding.seed + stride)
    return replace(query, sample=query.sample + stride, decoding=decoding)


def in_place(repeats: Sequence[Observation], stride: int) -> tuple[Observation, ...]:
    """The observations of repeated requests under the condition and sample of those that they repeat."""
    return tuple(replace(row, condition=CLEAN, sample=row.sample - stride) for row in repeats)


def agreement(first: Sequence[Observation], again: Sequence[Observation]) -> tuple[Observation, ...]:
    """One observation per question that was answered twice (strict): 1 where both answers were read the same. An answer
    that cannot be read differs from one that can."""
    before = {(row.model, row.item, row.sample): row for row in first if _counts(row)}
    pairs = ((row, before.get((row.model, row.item, row.sample))) for row in again if _counts(row))
    return tuple(_agreeing(one, two) for two, one in pairs if one is not None)


def self_agreement(probe: str) -> Measure:
    """The share of questions that got the same answer again."""
    return Measure(
        metric=f"{probe}.self_agreement",
        title="The same answer when asked again",
        words="{value} questions got the same answer when they were asked again in other batches.",
        row=lambda seen: None if seen.value is None else (seen.value, 1.0),
        statistic=share,
        condition=REPEAT,
        tags={"condition": REPEAT},
    )


def _counts(row: Observation) -> bool:
    return row.scoring == "strict" and row.condition == CLEAN and row.outcome != "error"


def _agreeing(first: Observation, again: Observation) -> Observation:
    alike = (first.outcome, first.value) == (again.outcome, again.value)
    same = first.given == again.given and (first.given is not None or alike)
    return replace(first, condition=REPEAT, outcome="correct" if same else "wrong", value=float(same))
