"""What was planted in the demo pair, what it costs measured directly, and what the audit says of it.

`python tools/planted.py AUDIT CHEST FINDINGS` prints the table of docs/demo.md. The three are folders of audits of the
pair, made by the commands that the page gives; the direct measurement asks the models itself, on images of other
patients, and knows nothing of the probes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from demo.exam import chest_papers, grid_papers, held_out_pool, single_papers
from evaluate_demo import FLAWS, cells, examine

from audit.core.finding import ANNOTATIONS


@dataclass(frozen=True)
class Claim:
    """A finding that would show a flaw: the flaw's number in `evaluate_demo.FLAWS`, the run ("audit", "chest" or
    "findings") and what names the finding there. A tag of any value ("*") takes the largest of such findings, and says
    which it is."""

    flaw: str
    run: str
    metric: str
    comparison: str
    tags: Mapping[str, str]


_REGION = {"cluster": "*", "evidence": "counterfactual"}
CLAIMS = (
    Claim("1", "audit", "spurious.flip_rate", "vs_control", {**_REGION, "intervention": "removed"}),
    Claim("1", "audit", "spurious.flip_rate", "vs_control", {**_REGION, "intervention": "pasted"}),
    Claim("2", "audit", "comparison.accuracy", "vs_base", {"probe": "shifts"}),
    Claim("2", "audit", "comparison.forgetting", "absolute", {"probe": "shifts"}),
    Claim("3", "audit", "medobvious.false_alarm_rate", "vs_base", {}),
    Claim("4", "chest", "shifts.delta", "between_slices", {"slice": "vendor=Corvid", "mix": "raw"}),
    Claim("4", "chest", "shifts.delta", "did", {"slice": "vendor=Corvid", "mix": "raw"}),
    Claim("5", "findings", "shifts.accuracy", "vs_base", {"corruption": "none"}),
)

WORDS = {
    "vs_base": "less base",
    "vs_control": "less control",
    "absolute": "",
    "between_slices": "slice less rest",
    "did": "so, less base's",
}
ANY = "*"


def main() -> None:
    """Parse the command line, examine, read the findings, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("audit", type=Path, help="folder of an audit of demo:medical against demo:base")
    parser.add_argument("chest", type=Path, help="folder of an audit of the same pair on chest radiographs")
    parser.add_argument("findings", type=Path, help="the same, asked about findings alone")
    parser.add_argument("--n", type=int, default=24, help="questions per kind and form of the direct measurement")
    given = parser.parse_args()
    rng = np.random.default_rng(7)
    papers = [
        *single_papers(pool := held_out_pool(max(12 * given.n, 1200)), given.n, rng),
        *grid_papers(pool, given.n, rng),
        *chest_papers(given.n),
    ]
    marks = {name: examine(f"demo:{name}?batch_size=16", papers) for name in ("base", "medical")}
    found = {run: findings(getattr(given, run)) for run in ("audit", "chest", "findings")}
    print("| planted | measured directly | base | medical | what the audit says |\n|---|---|---|---|---|")
    told = {flaw[0]: "; ".join(said(claim, found[claim.run]) for claim in CLAIMS if claim.flaw == flaw[0])
            or "no landed probe looks for it" for flaw, *_ in FLAWS}  # fmt: skip
    for flaw, what, test, hit in FLAWS:
        print(f"| {flaw} | {what} | {cells(marks, test, hit)} | {told.pop(flaw[0], '')} |")


def findings(folder: Path) -> list[dict[str, Any]]:
    """The findings of a run."""
    rows: list[dict[str, Any]] = json.loads((folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    return rows


def said(claim: Claim, rows: list[dict[str, Any]]) -> str:
    """The finding that the claim names: metric, estimate, interval. Raises if the run has none."""
    named = [row for row in rows if _is(claim, row)]
    if named:
        row = max(named, key=lambda row: float(row["estimate"]))
        which = [row["tags"][key] for key, value in claim.tags.items() if value == ANY]
        done = [value for key, value in claim.tags.items() if key == "intervention"]
        told = " ".join([f"`{claim.metric}`", *which, *done, WORDS[claim.comparison]]).strip()
        return f"{told} {row['estimate']:+.3f} ({row['ci_low']:+.3f} to {row['ci_high']:+.3f})"
    raise SystemExit(f"{claim.run}: no finding {claim.metric} {claim.comparison} {dict(claim.tags)}")


def _is(claim: Claim, row: Mapping[str, Any]) -> bool:
    """Whether a finding is what a claim names."""
    tags = {key: value for key, value in row["tags"].items() if key not in ANNOTATIONS}
    same = tags.keys() == claim.tags.keys() and all(value in (ANY, tags[key]) for key, value in claim.tags.items())
    named = (row["metric"], row["comparison"], row["scoring"], row["model"])
    return same and named == (claim.metric, claim.comparison, "strict", "model") and row["role"] != "primary"


if __name__ == "__main__":
    main()
