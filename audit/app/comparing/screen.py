"""What is printed on the screen after a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from audit.app.comparing.run import Comparison
from audit.core.finding import ANNOTATIONS, Finding
from audit.core.redact import redact
from probes.comparison.metrics import NAME
from probes.comparison.pairing import CELLS

EXAMPLES = 5
_SCORES = {f"{NAME}.{name}": name for name in ("accuracy", "balanced_accuracy", "macro_f1", "parse_rate")} | {
    "calibration.ece": "calibration error",
    "calibration.overconfidence": "over-confidence",
    "calibration.brier": "Brier score",
    "calibration.refusal_rate": "refused",
}


def summary(made: Comparison, report: Path) -> str:
    """Per cell the scores of both models with the difference, the 2 x 2 table, forgotten items; then what spans cells,
    notes, and where the report lies."""
    lines: list[str] = []
    for cell in made.cells:
        lines += [f"{made.config.title(cell.spec)}:" if made.config.tagged else "Model against base:"]
        lines += scores(made.findings, dict(cell.questions.wanted.tags))
        table = cell.questions.table
        lines.append(f"  {', '.join(f'{text} {table.counts[key]:,}' for key, text in CELLS.items())}")
        forgotten = table.items["only_base"]
        if forgotten:
            more = ", …" if len(forgotten) > EXAMPLES else ""
            lines.append(f"  forgotten, for example: {', '.join(forgotten[:EXAMPLES])}{more}")
    lines += [_across(found) for found in made.findings if _spans(found)]
    lines += [found.plain_words for found in made.findings if found.metric.endswith("_rate") and "over" in found.tags]
    lines += made.notes
    if made.named_endpoints or made.overall.verdict == "incomplete":
        lines.append(f"Verdict: {made.overall.verdict}. {made.overall.sentence}")
        lines += list(made.overall.reasons) if made.overall.verdict == "incomplete" else []
    lines.append(f"Report: {report}")
    return redact("\n".join(lines))


def scores(findings: Sequence[Finding], tags: dict[str, str]) -> Iterator[str]:
    """A line per score of the findings with exactly these tags: both models and their difference."""
    for scoring in ("strict", "published"):
        for way in ("", "likelihood"):
            wanted = {**tags, **({"way": way} if way else {})}
            for metric, name in _SCORES.items():
                own = [f for f in findings if (f.metric, f.scoring) == (metric, scoring)]
                own = [f for f in own if {k: v for k, v in f.tags.items() if k not in ANNOTATIONS} == wanted]
                if own:
                    yield _line(f"{name}{f' ({way})' if way else ''}, {scoring}", own)


def _line(title: str, findings: Sequence[Finding]) -> str:
    by = {(found.comparison, found.model): found for found in findings}
    model, base = by.get(("absolute", "model")), by.get(("absolute", "base"))
    parts = [f"model {_value(model)}", f"base {_value(base)}"]
    difference = by.get(("vs_base", "model"))
    if difference is not None:
        said = [difference.tags.get("outcome", ""), difference.equivalence or ""]
        told = f": {', '.join(filter(None, said))}" if any(said) else ""
        parts.append(f"difference {_value(difference, sign='+')}{told}")
    return f"  {title:<32} {', '.join(parts)}"


def _spans(found: Finding) -> bool:
    return found.comparison == "did" and "less" in found.tags and found.scoring == "strict"


def _across(found: Finding) -> str:
    way = f" ({found.tags['way']})" if "way" in found.tags else ""
    name = f"{found.metric.removeprefix(f'{NAME}.')}{way}"
    return f"{found.tags['data']} less {found.tags['less']}, {name}: {_value(found, sign='+')}"


def _value(found: Finding | None, sign: str = "") -> str:
    if found is None or found.estimate is None:
        return "undefined"
    figure = format(found.estimate, f"{sign}.4f")
    if found.ci_low is None or found.ci_high is None:
        return figure
    return f"{figure} [{format(found.ci_low, f'{sign}.4f')}, {format(found.ci_high, f'{sign}.4f')}]"
