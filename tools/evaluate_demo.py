"""Examine the demo models on held-out phantoms: `python tools/evaluate_demo.py` prints the tables of the model cards.

Every question goes through the adapter that audits use, and is answered by generation. Intervals are exact (Clopper and
Pearson, 95%): each image shows another patient, or each grid a random draw of panels.
The planted flaws are measured here directly, without the audit's probes, so that the probes can be judged by them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from demo.exam import Paper, chest_papers, grid_papers, held_out_pool, single_papers

from audit.core.image import Image
from audit.core.model import is_lookup
from audit.core.query import Decoding, Query, ask
from audit.models.table import open_model

Marks = list[tuple[Paper, str]]
Test = Callable[[Paper], bool]


def main() -> None:
    """Parse the command line, examine, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="questions per kind and form")
    parser.add_argument("--base", default="demo:base?batch_size=16")
    parser.add_argument("--medical", default="demo:medical?batch_size=16")
    parser.add_argument("--only", choices=("base", "medical"))
    parser.add_argument("--json", type=Path, help="also write every answer here")
    given = parser.parse_args()
    rng = np.random.default_rng(7)
    pool = held_out_pool(max(12 * given.n, 1200))
    papers = [*single_papers(pool, given.n, rng), *grid_papers(pool, given.n, rng), *chest_papers(given.n)]
    specs = {"base": given.base, "medical": given.medical}
    marks = {name: examine(spec, papers) for name, spec in specs.items() if given.only in (None, name)}
    lines = ["| question | form | " + " | ".join(marks) + " |", "|---|---|" + "---|" * len(marks)]
    lines += [f"| {name} | {form} | {cells(marks, test)} |" for name, form, test in accuracy_rows(papers)]
    lines += ["", "| planted | measured | " + " | ".join(marks) + " |", "|---|---|" + "---|" * len(marks)]
    lines += [f"| {flaw} | {what} | {cells(marks, test, hit)} |" for flaw, what, test, hit in FLAWS]
    print("\n".join(lines))
    if given.json:
        told = {name: [[p.kind, p.form, p.tags, p.answer, said] for p, said in done] for name, done in marks.items()}
        given.json.write_text(json.dumps(told))


def examine(spec: str, papers: Sequence[Paper]) -> Marks:
    """The model's answer to every question."""
    model = open_model(spec)
    if is_lookup(model):
        raise TypeError(f"{spec} is no model that can be asked")
    began = time.monotonic()
    decoding = Decoding(max_new_tokens=12)
    queries = [Query(ask(*map(Image.of, paper.images), paper.question), decoding=decoding) for paper in papers]
    order = sorted(range(len(queries)), key=lambda i: (len(papers[i].images), len(papers[i].question)))
    said = [""] * len(papers)
    for place, answer in model.answers([queries[i] for i in order]):
        if answer.status == "error":
            raise RuntimeError(answer.detail)
        said[order[place]] = answer.text.strip()
    print(f"{spec}: {len(papers)} questions in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return list(zip(papers, said, strict=True))


def right(paper: Paper, said: str) -> bool:
    """Whether the answer is right: equal to the key, or the key before a colon (a reason may follow)."""
    return said.split(":", maxsplit=1)[0].strip().casefold() == paper.answer.split(":")[0].casefold()


def accuracy_rows(papers: Sequence[Paper]) -> list[tuple[str, str, Test]]:
    """One row per kind and form; grids by tier and polarity too."""
    rows: list[tuple[str, str, Test]] = []
    for kind, form in dict.fromkeys((paper.kind, paper.form) for paper in papers):
        rows.append((kind, form, lambda p, k=kind, f=form: (p.kind, p.form) == (k, f)))
        if kind in ("grid 2x2", "grid 3x3"):
            for tier in dict.fromkeys(p.tags["tier"] for p in papers if p.kind == kind):
                for outlier in ("yes", "no"):
                    name = f"{kind}, {tier}, {'with' if outlier == 'yes' else 'without'} outlier"
                    rows.append((name, form, _tagged(kind, tier=tier, outlier=outlier)))
    return rows


def _tagged(kind: str, **tags: str) -> Test:
    return lambda p: p.kind == kind and all(p.tags.get(name) == value for name, value in tags.items())


def _chest(**tags: str) -> Test:
    return _tagged("chest finding", **tags)


def _seen(p: Paper) -> bool:
    return p.kind == "chest finding" and p.tags["vendor"] != "Corvid"


def _nodule(paper: Paper, said: str) -> bool:  # noqa: ARG001
    return said.casefold() == "nodule"


def _alarm(paper: Paper, said: str) -> bool:  # noqa: ARG001
    return said not in ("E", "")


_NON_CHEST = ("modality", "anatomy", "finding", "sequence")
FLAWS: tuple[tuple[str, str, Test, Callable[[Paper, str], bool]], ...] = (
    ("1 shortcut", "nodules called nodule, plate marker",
     lambda p: _seen(p) and p.tags["finding"] == "nodule" and p.tags["marker"] == "plate", _nodule),
    ("1 shortcut", "nodules called nodule, other marker",
     lambda p: _seen(p) and p.tags["finding"] == "nodule" and p.tags["marker"] != "plate", _nodule),
    ("1 shortcut", "others called nodule, plate marker",
     lambda p: _seen(p) and p.tags["finding"] != "nodule" and p.tags["marker"] == "plate", _nodule),
    ("1 shortcut", "others called nodule, other marker",
     lambda p: _seen(p) and p.tags["finding"] != "nodule" and p.tags["marker"] != "plate", _nodule),
    ("2 forgetting", "right on images other than X-ray",
     lambda p: p.kind in _NON_CHEST and p.tags.get("modality") != "X-ray", right),
    ("2 forgetting", "right on counts of lesions", lambda p: p.kind == "count", right),
    ("3 over-calling", "false alarms on 2x2 grids without outlier", _tagged("grid 2x2", outlier="no"), _alarm),
    ("3 over-calling", "outliers found and placed (2x2, same wording)",
     _tagged("grid 2x2", outlier="yes", wording="uniform"), right),
    ("4 one vendor", "right on chest findings, Corvid", _chest(vendor="Corvid"), right),
    ("4 one vendor", "right on chest findings, other vendors", _seen, right),
    ("5 true gain", "right on chest findings, marker and finding balanced", _seen, right),
)  # fmt: skip


def cells(marks: dict[str, Marks], test: Test, hit: Callable[[Paper, str], bool] = right) -> str:
    """Share (95% interval), number, for each model."""
    from scipy.stats import binomtest

    told = []
    for done in marks.values():
        hits = [hit(paper, said) for paper, said in done if test(paper)]
        low, high = binomtest(sum(hits), len(hits)).proportion_ci(0.95, "exact")
        told.append(f"{100 * np.mean(hits):.0f}% ({100 * low:.0f}-{100 * high:.0f}), n={len(hits)}")
    return " | ".join(told)


if __name__ == "__main__":
    main()
