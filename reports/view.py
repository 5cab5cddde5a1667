"""What the templates are given: the digest arranged in the order in which it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.core.observation import OUTCOMES
from reports.card import Card, card
from reports.changes import changes
from reports.doses import dose_figures
from reports.figures import headline_figure, outcome_figure, split_figures
from reports.gallery import galleries
from reports.glossary import GLOSSARY, LIMITATIONS, METHODS
from reports.grouping import grouped, key
from reports.heatmaps import heat_figures
from reports.leakage import leakage
from reports.measured import with_units
from reports.regions import regions
from reports.reliability import reliability_figures
from reports.schema import Digest, FindingPart, ProbePart
from reports.severity import SEVERITIES, Severity, ranked
from reports.slices import slice_figures

MAX_CARDS = {"flagged": 6, "other": 0}
RUN_VERDICTS = {
    "pass": "Pass",
    "fail": "Fail",
    "inconclusive": "Inconclusive",
    "incomplete": "Incomplete",
    "info": "For information",
}


@dataclass(frozen=True)
class Level:
    """The findings of one severity: cards, and rows of a table for those beyond the first (or for all, at the last)."""

    severity: Severity
    cards: tuple[Card, ...]
    rows: tuple[Card, ...]


@dataclass(frozen=True)
class Lacking:
    """Something that was not assessed, and why."""

    title: str
    word: str
    reason: str


def view(digest: Digest) -> dict[str, Any]:
    """All names that the templates may use."""
    run, titles = digest["run"], {probe["name"]: probe["title"] for probe in digest["probes"]}
    levels = arranged(with_units(digest["findings"]), run["fdr"], titles)
    primaries = [card for level in levels for card in level.cards if level.severity.level in _DECIDING]
    return {
        "run": run,
        "verdict_word": RUN_VERDICTS[run["verdict"]],
        "primaries": primaries,
        "reasons": [reason for reason in run["reasons"] if not any(card.words in reason for card in primaries)],
        "lacking": lacking(digest["probes"]),
        "levels": levels,
        "severities": SEVERITIES,
        "headline": headline_figure(digest),
        "outcome": outcome_figure(digest),
        "slices": slice_figures(digest),
        "against_clean": [*heat_figures(digest), *dose_figures(digest)],
        "splits": split_figures(digest),
        "reliability": reliability_figures(digest),
        "probes": digest["probes"],
        "assessed": [probe for probe in digest["probes"] if probe["status"] == "assessed"],
        "outcomes": OUTCOMES,
        "changes": changes(digest),
        "leakage": leakage(digest),
        "regions": regions(digest),
        "galleries": galleries(digest),
        "has_images": bool(digest["images"]),
        "fingerprints": [fingerprint(model["fingerprint"]) for model in run["models"]],
        "glossary": GLOSSARY,
        "methods": METHODS,
        "limitations": LIMITATIONS,
        "n_findings": len(digest["findings"]),
    }


_DECIDING = ("failed", "inconclusive", "not_assessed", "passed")


def arranged(findings: Sequence[FindingPart], fdr: float, titles: Mapping[str, str]) -> list[Level]:
    """Findings by severity; a level without findings is left out."""
    groups = grouped(findings)
    made: dict[Severity, list[Card]] = {}
    for severity, finding in ranked(findings, fdr):
        title = titles.get(finding["probe"], finding["probe"])
        made.setdefault(severity, []).append(card(finding, severity, groups.get(key(finding)), title))
    return [_level(severity, cards) for severity, cards in made.items()]


def _level(severity: Severity, cards: Sequence[Card]) -> Level:
    shown = MAX_CARDS.get(severity.level, 40)
    return Level(severity, tuple(cards[:shown]), tuple(cards[shown:]))


def lacking(probes: Sequence[ProbePart]) -> list[Lacking]:
    """Probes without a result."""
    words = {"not_assessed": "Not assessed", "not_built": "Not built yet"}
    return [
        Lacking(probe["title"], words[probe["status"]], probe["reason"] or "no reason was given")
        for probe in probes
        if probe["status"] != "assessed"
    ]


def fingerprint(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A fingerprint as (name, value) rows, nested names joined by dots."""
    rows: list[tuple[str, str]] = []
    for name, value in sorted(data.items()):
        if isinstance(value, Mapping):
            rows += [(f"{name}.{inner}", text) for inner, text in fingerprint(value)]
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            rows.append((name, "none" if value is None else text))
    return rows


def anchor(text: str) -> str:
    """A text as part of an id: letters, digits and hyphens only."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "x"
