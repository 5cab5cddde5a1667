"""How well a judge agrees with people: their ratings of open answers, from a CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.item import Item, Request
from audit.core.query import Query, ask
from audit.data.csvtable import read_table
from audit.stats.rank import Agreement, rank_agreement
from probes.shifts.opinions import opinion_query, read_opinion, settled
from probes.shifts.words import token_f1

REQUIRED = ("question", "answer", "response", "rating")


@dataclass(frozen=True)
class Rated:
    """A response to a question with its right answer, the person's rating (any scale that rises), and its cluster."""

    request: Request
    response: Answer
    rating: float
    cluster: str


@dataclass(frozen=True)
class JudgeQuality:
    """Agreement of the judge's values, and of token F1, with people; `n_unread` verdicts could not be read and count as
    the lowest value, as they do in an audit."""

    judge: Agreement
    token_f1: Agreement
    n_unread: int
    n_settled: int


def read_ratings(path: Path) -> tuple[Rated, ...]:
    """Rows of question, answer (the right one), response, rating and optionally cluster. Raises `InputError`."""
    table = read_table(path, REQUIRED, aliases={})
    return tuple(_rated(path, number, cells) for number, cells in table.rows)


def _rated(path: Path, number: int, cells: Mapping[str, str]) -> Rated:
    try:
        rating = float(cells["rating"])
    except ValueError:
        rating = float("nan")
    if not np.isfinite(rating):
        raise InputError(f"the rating {cells['rating'][:40]!r} is no number", path=path, row=number)
    if not cells["question"] or not cells["answer"]:
        raise InputError("the question or its right answer is empty", path=path, row=number)
    name = f"row {number}"
    tags = {"answer_type": "open", "answer": cells["answer"], "question_type": "rated"}
    query = Query(ask(cells["question"]))
    item = Item(name, cells.get("cluster") or name, query, cells["answer"], tags)
    return Rated(Request(item, query), Answer(cells["response"]), rating, item.cluster)


def to_ask(rows: Sequence[Rated]) -> dict[int, Query]:
    """What the judge is asked, by the place of the row; settled answers need no judge."""
    return {
        place: opinion_query(row.request, row.response)
        for place, row in enumerate(rows)
        if not settled(row.request, row.response)
    }


def judge_quality(rows: Sequence[Rated], opinions: dict[int, str], rng: np.random.Generator) -> JudgeQuality:
    """What the judge's opinions are worth beside the people's ratings, and what counting shared words is worth."""
    read = {place: read_opinion(text, multilabel=False) for place, text in opinions.items()}
    values = [_value(row, place, read) for place, row in enumerate(rows)]
    shared = [token_f1(row.response.text, row.request.item.target) for row in rows]
    ratings, clusters = [row.rating for row in rows], [row.cluster for row in rows]
    one, two = rng.spawn(2)
    return JudgeQuality(
        judge=rank_agreement(values, ratings, clusters, one),
        token_f1=rank_agreement(shared, ratings, clusters, two),
        n_unread=sum(value is None for value in read.values()),
        n_settled=len(rows) - len(read),
    )


def _value(row: Rated, place: int, read: dict[int, float | None]) -> float:
    if place not in read:
        return float(bool(row.response.text.strip()))
    return read[place] or 0.0
