"""The report of a comparison: its findings, and answers that were forgotten, through the digest of every report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audit.app.calibrating import reliability_parts
from audit.app.comparing.cell import Compared
from audit.app.comparing.part import TITLE, calibration_parts, comparison_part
from audit.app.comparing.run import Comparison
from audit.app.provenance import differences
from audit.app.report import render_report
from audit.core.item import CLEAN
from audit.core.observation import Observation
from probes.comparison.metrics import NAME
from reports.digest import build_digest, gallery_entry, outcome_counts, reply, write_digest
from reports.schema import DataPart, GalleryPart, ModelPart, ProbePart, RunPart

FORGOTTEN = 30


def write_report(made: Comparison) -> Path:
    """Write `digest.json` and `report.html` into the folder; returns the report's path."""
    digest = build_digest(
        run=_run_part(made),
        probes=[_probe_part(made), *calibration_parts(made.findings)],
        findings=made.findings,
        gallery=[entry for cell in made.cells for entry in _gallery(made, cell)],
        reliability=reliability_parts([cell.calibrated for cell in made.cells]),
    )
    write_digest(made.folder / "digest.json", digest)
    return render_report(made.folder)


def _run_part(made: Comparison) -> RunPart:
    import yaml

    record, named = made.record, made.named_endpoints
    policy, versions = record["policy"], record["versions"]
    assert isinstance(policy, dict)
    assert isinstance(versions, dict)
    open_end = made.overall.verdict == "inconclusive" and not named
    return {
        "title": TITLE,
        "verdict": "info" if open_end else made.overall.verdict,
        "exit_code": made.overall.exit_code,
        "sentence": "For information: the policy names no endpoint of a comparison, so nothing passes or fails."
        if open_end
        else made.overall.sentence,
        "reasons": [] if open_end else list(made.overall.reasons),
        "created": str(record["started"]),
        "command": made.config.command,
        "suite": None,
        "seed": made.config.seed,
        "alpha": made.policy.alpha,
        "fdr": made.policy.fdr,
        "policy": {
            "sha256": made.policy.sha256,
            "fixed_before_run": False,
            "text": str(yaml.safe_dump(made.policy.plain(), sort_keys=False, allow_unicode=True)),
        },
        "versions": {name: str(number) for name, number in versions.items()},
        "models": [part for cell in made.cells for part in _models(made, cell)],
        "differences": list(_differences(made)),
        "data": [_data_part(cell) for cell in made.cells],
    }


def _models(made: Comparison, cell: Compared) -> Iterator[ModelPart]:
    where = f" ({cell.spec.pair}, {cell.spec.name})" if len(made.cells) > 1 else ""
    for role, model in cell.models.items():
        yield {
            "role": f"{role}{where}",
            "spec": model.spec,
            "fingerprint": dict(model.fingerprint),
            "capabilities": sorted(model.capabilities),
        }


def _differences(made: Comparison) -> Iterator[str]:
    """Of two files of answers nothing is known but what they say."""
    for cell in made.cells:
        model, base = cell.models["model"].fingerprint, cell.models["base"].fingerprint
        if model.get("sha256") == base.get("sha256"):
            yield f"{cell.spec.name}: both files are the same, byte for byte"
        rest = [{k: v for k, v in fingerprint.items() if k != "sha256"} for fingerprint in (model, base)]
        yield from differences(rest[0], rest[1])


def _data_part(cell: Compared) -> DataPart:
    questions = cell.matched.questions.values()
    clusters = {question.cluster for question in questions}
    own = all(question.cluster == question.id for question in questions)
    counts: dict[str, int] = {}
    for question in questions:
        counts[question.target] = counts.get(question.target, 0) + 1
    shown = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:12])
    rule = "The cluster is the item: the files name no patient." if own else "The cluster is that of the files."
    return {
        "name": cell.spec.name,
        "kind": "answers",
        "n_records": len(cell.matched.questions),
        "n_unusable": 0,
        "n_clusters": len(clusters),
        "sha256": str(cell.models["model"].fingerprint["sha256"]),
        "rules": [rule, *cell.notes],
        "has_patients": not own,
        "counts": {"right answer": shown},
        "problems": [],
    }


def _probe_part(made: Comparison) -> ProbePart:
    rows = [row for cell in made.cells for row in cell.questions.observations]
    clean = [row for row in rows if row.scoring == "strict" and row.condition == CLEAN]
    part = comparison_part(made.notes)
    part["n_items"] = sum(len(cell.matched.questions) for cell in made.cells)
    part["n_requests"] = sum(len(said.requests) for cell in made.cells for said in cell.said.values())
    part["outcomes"] = outcome_counts(clean)
    part["n_failed"] = sum(cell.questions.table.counts["only_base"] for cell in made.cells)
    return part


def _gallery(made: Comparison, cell: Compared) -> Iterator[GalleryPart]:
    """Answers that the base got right and the model did not."""
    seen: dict[tuple[str, str], Observation] = {}
    for row in cell.questions.observations:
        if row.scoring == "strict" and row.condition == CLEAN:
            seen.setdefault((row.model, row.item), row)
    texts = {
        (role, request.item.id): (answer.text, answer.status)
        for role, said in cell.said.items()
        for request, answer in zip(said.requests, said.answers, strict=True)
        if answer is not None and request.condition == CLEAN
    }
    for item in cell.questions.table.items["only_base"][: FORGOTTEN // len(made.cells) or 1]:
        question = cell.matched.questions[item]
        answers = {}
        for role in ("model", "base"):
            row, (text, status) = seen[role, item], texts[role, item]
            answers[role] = reply(text, reading=row.given, outcome=row.outcome, status=status)
        yield gallery_entry(
            probe=NAME,
            item=item,
            question="Forgotten: right by the base model, not by the model.",
            gold=question.target,
            answers=answers,
            options=[(option.label, option.text) for option in question.options],
            tags=cell.questions.wanted.tags,
            caption=f"{cell.spec.name}: forgotten" if len(made.cells) > 1 else "Forgotten",
        )
