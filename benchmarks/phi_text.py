"""Precision and recall of the text recognisers on generated documents, with exact intervals over documents.

    python benchmarks/phi_text.py [--n 240] [--seed 1000] [--held-out 400] [--plain FILE ...]

prints the tables of docs/phi-text.md: pages as their own text, texts of other kinds with other names (`--held-out`),
and false alarms on texts without identifiers (`--plain`: JSON or JSONL; every string of several words counts).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from audit.stats.proportion import korn_graubard
from probes.phi.documents import CATEGORIES, document
from probes.phi.documents.document import Document
from probes.phi.documents.sheet import Word
from probes.phi.text import Span, identify

GAP, COLUMN = 0.15, 1.0  # of the size of the type: less is no space, more parts columns


@dataclass
class Counts:
    """Per category one (hits, of) pair for each text: a text is a cluster."""

    covered: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    named: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    precise: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    lost: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, truth: Sequence[Span], found: Sequence[Span]) -> None:
        """Count one text whose identifiers are known."""
        for category in CATEGORIES:
            wanted = [span for span in truth if span.category == category]
            right = [span for span in found if span.category == category]
            _append(self.covered, category, [covers(text, span, found) for span in wanted])
            _append(self.named, category, [covers(text, span, right) for span in wanted])
            _append(self.precise, category, [any(touch(span, other) for other in truth) for span in right])
        words = [Span(*m.span(), "other", "") for m in re.finditer(r"\S*\w\S*", text)]
        plain = [word for word in words if not any(touch(word, span) for span in truth)]
        self.lost.append((sum(any(touch(word, span) for span in found) for word in plain), len(plain)))


def _append(counts: dict[str, list[tuple[int, int]]], category: str, hits: Sequence[bool]) -> None:
    counts.setdefault(category, []).append((sum(hits), len(hits)))


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def covers(text: str, value: Span, spans: Sequence[Span]) -> bool:
    """Whether every letter and digit of a value lies in spans."""
    return all(
        any(span.start <= place < span.end for span in spans)
        for place in range(value.start, value.end)
        if text[place].isalnum()
    )


def transcript(page: Document) -> tuple[str, list[Span]]:
    """What a page says, in reading order, and the identifiers in it."""
    lines: dict[int, list[Word]] = {}
    for word in page.sheet.words:
        lines.setdefault(word.y, []).append(word)
    text, truth = "", []
    for _, line in sorted(lines.items()):
        end: float | None = None
        for word in sorted(line, key=lambda one: one.x):
            gap = None if end is None else (word.x - end) / word.font.size
            text += "" if gap is None or gap < GAP else " " if gap < COLUMN else "\t"
            if word.value:
                truth.append(Span(len(text), len(text) + len(word.text), word.value.type, word.value.field))
            text += word.text
            end = word.x + word.font.length(word.text)
        text += "\n"
    return text, truth


def counted(texts: Iterable[tuple[str, list[Span]]]) -> Counts:
    """Counts over texts whose identifiers are known."""
    counts = Counts()
    for text, truth in texts:
        counts.add(text, truth, identify(text))
    return counts


def complain(texts: Iterable[tuple[str, list[Span]]]) -> None:
    """Print each identifier that is missed or misnamed, and each span that touches none."""
    for text, truth in texts:
        found = identify(text)
        for span in truth:
            if not covers(text, span, [other for other in found if other.category == span.category]):
                said = [f"{other.category}: {other.of(text)!r}" for other in found if touch(span, other)]
                print("missed", span.category, repr(text[max(0, span.start - 25) : span.end + 10]), said)
        for span in found:
            if not any(touch(span, other) for other in truth):
                print("false", span.category, span.how, repr(text[max(0, span.start - 25) : span.end + 10]))


def told(pairs: Sequence[tuple[int, int]]) -> str:
    """The share and its interval in words."""
    totals = np.array(pairs, dtype=float).reshape(-1, 2)
    hits, of = (int(total) for total in totals.sum(axis=0)) if len(totals) else (0, 0)
    if not of:
        return "none"
    result = korn_graubard(totals)
    bounds = "" if result.interval is None else f" [{100 * result.interval.low:.1f}, {100 * result.interval.high:.1f}]"
    return f"{100 * hits / of:.{1 if hits in (0, of) else 2}f}% of {of}{bounds}"


def together(table: dict[str, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """All categories of each text as one pair."""
    return [(sum(hits for hits, _ in row), sum(of for _, of in row)) for row in zip(*table.values(), strict=True)]


def show(title: str, counts: Counts) -> None:
    """Print one table as Markdown."""
    print(f"\n{title}\n\n| category | covered | with the right category | precision |\n|---|---|---|---|")
    for category in CATEGORIES:
        cells = (told(table.get(category, [])) for table in (counts.covered, counts.named, counts.precise))
        print(f"| `{category}` | {' | '.join(cells)} |")
    cells = (told(together(table)) for table in (counts.covered, counts.named, counts.precise))
    print(f"| all | {' | '.join(cells)} |\n\nOther words lost: {told(counts.lost)}")


def strings(path: Path) -> Iterator[str]:
    """Every string of a JSON or JSONL file, without keys, links and file names."""
    text = path.read_text(encoding="utf-8")
    documents = [json.loads(text)] if path.suffix == ".json" else [json.loads(row) for row in text.splitlines() if row]
    stack = documents[::-1]
    while stack:
        top = stack.pop()
        if isinstance(top, str) and " " in top:
            yield top
        elif isinstance(top, dict | list):
            stack += list(top.values() if isinstance(top, dict) else top)[::-1]


def plain(path: Path) -> None:
    """Print the false alarms on a file without identifiers, and examples of each."""
    texts = list(strings(path))
    words = sum(len(text.split()) for text in texts)
    hits = [(span, text) for text in texts for span in identify(text)]
    rate = f"{1000 * len(hits) / words:.2f} per 1,000"
    print(f"\n{path.name}: {len(hits)} findings in {len(texts)} texts, {words} words ({rate})")
    for category in CATEGORIES:
        mine = [(span.how, span.of(text)) for span, text in hits if span.category == category]
        if mine:
            print(f"  {category}: {len(mine)}, as {sorted(set(mine))[:12]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--held-out", type=int, default=0, help="so many texts of benchmarks/phi_heldout.py")
    parser.add_argument("--plain", type=Path, nargs="*", default=[])
    parser.add_argument("--misses", action="store_true", help="also print every miss and false alarm")
    given = parser.parse_args()
    texts = [transcript(document(given.seed, k)) for k in range(given.n)]
    if texts:
        show(f"{given.n} pages, seed {given.seed}, their own text", counted(texts))
    if given.held_out:
        from phi_heldout import held_out

        others = [held_out(k, given.seed) for k in range(given.held_out)]
        show(f"{given.held_out} texts of other kinds, seed {given.seed}", counted(others))
        texts += others
    for path in given.plain:
        plain(path)
    if given.misses:
        complain(texts)


if __name__ == "__main__":
    main()
