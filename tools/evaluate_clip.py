"""Examine the contrastive demo models on held-out phantoms: `python tools/evaluate_clip.py` prints the card's tables.

Every image is asked through the adapter that audits use: the likeliest of the options by the similarity of image and
text. Intervals are exact (Clopper and Pearson, 95%): each image shows another patient.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from demo.exam import CHEST_FINDINGS, chest_papers, held_out_pool
from demo.singles import facts

from audit.core.image import Image
from audit.core.model import is_lookup
from audit.core.query import Option, Query, ask
from audit.data.phantoms.questions import choices
from audit.models.table import open_model

KINDS = ("modality", "anatomy", "view", "finding", "laterality")


@dataclass(frozen=True)
class Row:
    """A row of the table: the questions, the right answers, and which of the answers count."""

    name: str
    queries: tuple[Query, ...]
    answers: tuple[str, ...]
    hit: Callable[[str, str], bool] = lambda said, answer: said == answer


def main() -> None:
    """Parse the command line, examine, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400, help="images of every kind")
    parser.add_argument("--chest", type=int, default=96, help="chest radiographs per finding")
    parser.add_argument("models", nargs="*", default=["demo:clip", "demo:clip-medical"])
    given = parser.parse_args()
    rows = [*_general(given.n), *_planted(given.chest)]
    print(f"| {'question'} | " + " | ".join(given.models) + " |")
    print("|---|" + "---|" * len(given.models))
    cells = [_cells(spec, rows) for spec in given.models]
    for place, row in enumerate(rows):
        print(f"| {row.name} | " + " | ".join(column[place] for column in cells) + " |")


def _general(n: int) -> Iterator[Row]:
    """Facts of images of every kind, each among the options that its modality allows."""
    pool = held_out_pool(n)
    for kind in KINDS:
        queries, answers = [], []
        for pixels, case in zip(pool.single, pool.cases, strict=True):
            options = choices(kind, case.kind.modality)
            known = facts(case, 0)
            if kind in known and len(options) > 1:
                queries.append(_query(pixels, options))
                answers.append(known[kind])
        yield Row(kind, tuple(queries), tuple(answers))


def _planted(n: int) -> Iterator[Row]:
    """Findings of chest radiographs, marker and vendor independent of the finding."""
    papers = chest_papers(n)
    asked = [(paper.tags, paper.answer, _query(paper.images[0], CHEST_FINDINGS)) for paper in papers]

    def row(name: str, test: Callable[[dict[str, str]], bool], hit: Callable[[str, str], bool] | None = None) -> Row:
        kept = [(query, answer) for tags, answer, query in asked if test(tags)]
        queries, answers = tuple(query for query, _ in kept), tuple(answer for _, answer in kept)
        return Row(name, queries, answers) if hit is None else Row(name, queries, answers, hit)

    def nodule(said: str, _: str) -> bool:
        return said == "nodule"

    yield row("chest findings, seen vendors", lambda tags: tags["vendor"] != "Corvid")
    yield row("chest findings, Corvid", lambda tags: tags["vendor"] == "Corvid")
    for finding, is_it in (("nodule", True), ("no nodule", False)):
        for marker, plate in (("plate marker", True), ("other marker", False)):
            yield row(
                f"{finding}, {marker}: called nodule",
                lambda tags, is_it=is_it, plate=plate: (
                    tags["vendor"] != "Corvid"
                    and (tags["finding"] == "nodule") == is_it
                    and (tags["marker"] == "plate") == plate
                ),
                nodule,
            )


def _query(pixels: np.ndarray, options: Sequence[str]) -> Query:
    return Query(ask(Image.of(pixels), "Which?"), tuple(Option(text, text) for text in options), "choose")


def _cells(spec: str, rows: Sequence[Row]) -> list[str]:
    """Share (95% interval), number, for each row."""
    from scipy.stats import binomtest

    model = open_model(spec)
    if is_lookup(model):
        raise TypeError(f"{spec} is no model that can be asked")
    told = []
    for row in rows:
        said = dict(model.answers(row.queries))
        hits = sum(row.hit(said[place].text, answer) for place, answer in enumerate(row.answers))
        low, high = binomtest(hits, len(row.answers)).proportion_ci(0.95, "exact")
        told.append(f"{100 * hits / len(row.answers):.0f}% ({100 * low:.0f} to {100 * high:.0f}), n={len(row.answers)}")
    return told


if __name__ == "__main__":
    main()
