"""A comparison of answer files from end to end: read, judge, conclude, decide, write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from audit.app.comparing.cell import Compared, read_cell
from audit.app.comparing.config import CompareConfig
from audit.app.comparing.rates import rate_findings
from audit.app.comparing.section import drafts_across, drafts_of
from audit.app.folder import RUN_SCHEMA, open_record, run_folder, write_json
from audit.app.provenance import versions
from audit.app.tables import write_observations
from audit.core.canonical import Json
from audit.core.finding import ANNOTATIONS, FINDINGS_SCHEMA, Finding
from audit.policy.decide import decide
from audit.policy.draft import Draft
from audit.policy.overall import Overall, overall
from audit.policy.policy import Policy, load_policy
from audit.policy.words import counted
from probes.calibration.answers import NAME as CALIBRATION
from probes.comparison.measures import Wanted
from probes.comparison.metrics import NAME


@dataclass(frozen=True)
class Comparison:
    """A finished comparison; `notes` are sentences about cells and slices that a reader has to know."""

    config: CompareConfig
    policy: Policy
    folder: Path
    record: dict[str, Json]
    cells: tuple[Compared, ...]
    findings: tuple[Finding, ...]
    overall: Overall
    notes: tuple[str, ...]

    @property
    def named_endpoints(self) -> bool:
        """Whether the policy names endpoints, without which nothing passes or fails."""
        return any(finding.role == "primary" for finding in self.findings)


def compare(config: CompareConfig) -> Comparison:
    """Compare, and write the folder except the report. Raises `InputError`."""
    policy = load_policy(config.policy)
    cells = tuple(read_cell(spec, Wanted(config.metrics, config.tags(spec))) for spec in config.cells)
    with run_folder(config.folder) as folder:
        record = open_record(folder, _record(config, policy, cells))
        drafts = list(_drafts(config, cells, policy))
        findings = decide(drafts, policy, probes=(NAME, CALIBRATION))
        findings = (*findings, *rate_findings(findings, config.metrics))
        notes = tuple(_notes(config, cells, findings))
        made = Comparison(config, policy, folder, record, cells, findings, _overall(config, cells, findings), notes)
        _write(made)
    return made


def _drafts(config: CompareConfig, cells: Sequence[Compared], policy: Policy) -> Iterator[Draft]:
    for cell in cells:
        yield from drafts_of(cell.questions, policy, config.seed)
        yield from cell.calibrated.drafts(policy, config.seed)
    for pair in config.pairs:
        yield from drafts_across([cell.questions for cell in cells if cell.spec.pair == pair], policy, config.seed)


def _overall(config: CompareConfig, cells: Sequence[Compared], findings: Sequence[Finding]) -> Overall:
    """Incomplete where an answer of one model is missing: never a pass."""
    missing = sum(cell.n_missing for cell in cells)
    total = overall(findings, {}, missing, config.fail_on)
    rest = tuple(reason for reason in total.reasons if not reason.endswith(("asks only it.", "asks only them.")))
    if missing:
        rest = (
            f"{counted(missing, 'answer')} of one model or the other {'is' if missing == 1 else 'are'} missing.",
            *rest,
        )
    return replace(total, reasons=rest)


def _notes(config: CompareConfig, cells: Sequence[Compared], findings: Sequence[Finding]) -> Iterator[str]:
    for cell in cells:
        for note in cell.notes:
            yield f"{config.title(cell.spec)}: {note}" if len(cells) > 1 else note
    yield from harms(findings)


def harms(findings: Sequence[Finding]) -> Iterator[str]:
    """A sentence for each slice in which the model is shown to lose, after adjustment, and on average is not."""
    losses = [found for found in findings if _is_accuracy(found) and "slice" in found.tags]
    for found in losses:
        whole = {name: value for name, value in _named(found).items() if name != "slice"}
        average = next((other for other in findings if _is_accuracy(other) and _named(other) == whole), None)
        said = "" if average is None else average.tags.get("outcome", "")
        if found.tags.get("flag") == "worse" and said in ("win", "tie"):
            yield f"Harm in a slice: on average a {said} by accuracy, where {found.tags['slice']} a loss."


def _is_accuracy(found: Finding) -> bool:
    claim = (found.metric, found.comparison, found.scoring)
    return claim == (f"{NAME}.accuracy", "vs_base", "strict") and "way" not in found.tags


def _named(found: Finding) -> dict[str, str]:
    return {name: value for name, value in found.tags.items() if name not in ANNOTATIONS}


def _record(config: CompareConfig, policy: Policy, cells: Sequence[Compared]) -> dict[str, Json]:
    several = len(cells) > 1
    models: dict[str, Json] = {
        f"{role} ({cell.spec.pair}, {cell.spec.name})" if several else role: {
            "spec": model.spec,
            "fingerprint": dict(model.fingerprint),
        }
        for cell in cells
        for role, model in cell.models.items()
    }
    return {
        "schema": RUN_SCHEMA,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": config.command,
        "suite": NAME,
        "seed": config.seed,
        "plan": {NAME: [cell.plain() for cell in cells]},
        "policy": {"sha256": policy.sha256, "fixed_before_run": False},
        "models": models,
        "data": [cell.spec.name for cell in cells],
        "options": {"metrics": list(config.metrics)},
        "system_prompt": None,
        "versions": versions(),
    }


def _write(made: Comparison) -> None:
    rows = [
        replace(row, tags={**row.tags, **cell.questions.wanted.tags})
        for cell in made.cells
        for row in cell.questions.seen
    ]
    write_observations(made.folder / "observations.parquet", rows)
    record = {**made.record, "verdict": made.overall.verdict, "exit_code": made.overall.exit_code}
    findings: list[Json] = [finding.plain() for finding in made.findings]
    write_json(made.folder / "findings.json", {"schema": FINDINGS_SCHEMA, "run": record, "findings": findings})
