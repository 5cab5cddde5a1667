"""From a finished run to its report: what is shown, gathered as a digest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.app.calibrating import reliability_parts
from audit.app.changes import changes_of
from audit.app.comparing.part import calibration_parts, comparison_part, is_compared
from audit.app.folder import write_text
from audit.app.leakage import has_pages, leakage_part
from audit.app.mates import caption, given_alike, images_of, mates_of
from audit.app.pictures import keys_of
from audit.app.pipeline import Outcome, model_differences
from audit.app.planning import Planned
from audit.app.regional.part import regions_part
from audit.app.replies import Replies, spoken
from audit.app.twice import noise_notes
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.item import CLEAN, Request
from audit.core.observation import Observation
from audit.core.redact import redact
from reports.digest import build_digest, gallery_entry, outcome_counts, read_digest, reply, write_digest
from reports.html import render
from reports.schema import ChangesPart, DataPart, GalleryPart, LeakagePart, ProbePart, RegionsPart, ReplyPart, RunPart

GALLERY = 60
COUNTED = ("modality", "anatomy", "view", "finding", "site", "vendor", "sex")
MOST_VALUES = 12
TECHNICAL = frozenset({"classes"})
"""Tags that repeat what the options of a question say."""


def write_report(outcome: Outcome) -> Path:
    """Write `digest.json` and `report.html` into the run folder; returns the report's path."""
    gallery, images = _gallery(outcome)
    changes = _changes(outcome, images)
    digest = build_digest(
        run=_run_part(outcome),
        probes=[
            *(_probe_part(outcome, entry) for entry in outcome.prepared.planned),
            *_comparison(outcome),
            *calibration_parts(outcome.findings),
        ],
        findings=outcome.findings,
        gallery=gallery,
        changes=changes,
        leakage=_leakage(outcome, images),
        regions=_regions(outcome, images),
        reliability=reliability_parts(outcome.calibrated),
        images=images,
    )
    write_digest(outcome.folder / "digest.json", digest)
    return render_report(outcome.folder)


def _comparison(outcome: Outcome) -> list[ProbePart]:
    """The section that compares both models, where they were."""
    compared = dict.fromkeys(found.tags["probe"] for found in outcome.findings if is_compared(found))
    note = "Over the closed questions of each probe, clean images, strict scoring; for information unless named above."
    notes = [note, *(said for tuned in outcome.tuned for said in tuned.notes), *_untuned(outcome)]
    return [comparison_part(notes)] if compared else []


def _untuned(outcome: Outcome) -> list[str]:
    """Why prompts were not tuned where that was asked for."""
    if not outcome.prepared.config.tune_prompts:
        return []
    done = {tuned.probe for tuned in outcome.tuned}
    lacking = [entry.name for entry in outcome.prepared.planned if entry.name not in done]
    why = "its questions cannot be put in another format, come from one cluster, or were answered by one model alone"
    return [f"Prompts for {name} are not assessed: {why}." for name in lacking]


def render_report(folder: Path) -> Path:
    """Render `report.html` from the digest in `folder`. Raises `InputError` where there is none."""
    if not folder.is_dir():
        raise InputError("There is no such run folder", path=folder, remedy="name the --out folder of a finished run")
    path = folder / "report.html"
    write_text(path, render(read_digest(folder / "digest.json")))
    return path


def _run_part(outcome: Outcome) -> RunPart:
    prepared, record = outcome.prepared, outcome.record
    policy: Any = record["policy"]
    versions: Any = record["versions"]
    return {
        "title": prepared.suite.title or "Audit",
        "verdict": outcome.overall.verdict,
        "exit_code": outcome.overall.exit_code,
        "sentence": outcome.overall.sentence,
        "reasons": list(outcome.overall.reasons),
        "created": str(record["started"]),
        "command": prepared.config.command,
        "suite": prepared.suite.name or None,
        "seed": prepared.config.seed,
        "alpha": prepared.policy.alpha,
        "fdr": prepared.policy.fdr,
        "policy": {
            "sha256": policy["sha256"],
            "fixed_before_run": policy["fixed_before_run"],
            "text": _policy_text(outcome),
        },
        "versions": {name: str(number) for name, number in versions.items()},
        "models": [
            {
                "role": role,
                "spec": model.spec,
                "fingerprint": dict(model.fingerprint),
                "capabilities": sorted(model.capabilities),
            }
            for role, model in prepared.cast.items()
        ],
        "differences": list(model_differences(outcome)),
        "data": [_data_part(entry.dataset) for entry in prepared.loaded],
    }


def _policy_text(outcome: Outcome) -> str:
    import yaml

    plain = outcome.prepared.policy.plain()
    return str(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))


def _data_part(data: Dataset) -> DataPart:
    return {
        "name": redact(data.name),
        "kind": data.kind,
        "n_records": len(data.records),
        "n_unusable": data.n_unusable,
        "n_clusters": len({record.cluster for record in data.records}),
        "sha256": data.sha256,
        "rules": list(data.rules),
        "has_patients": data.has_patients,
        "counts": {name: counts for name in COUNTED if (counts := label_counts(data, name))},
        "problems": [
            {"kind": problem.kind, "report_place": problem.report_place, "reason": problem.reason}
            for problem in data.problems
        ],
    }


def label_counts(data: Dataset, name: str) -> dict[str, int]:
    """How many records carry each value of a label, the commonest first; rare values are summed up as "other"."""
    counts = Counter(record.labels[name] for record in data.records if name in record.labels)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = dict(ordered[:MOST_VALUES])
    rest = sum(count for _, count in ordered[MOST_VALUES:])
    return {**shown, f"other ({len(ordered) - MOST_VALUES} values)": rest} if rest else shown


def _probe_part(outcome: Outcome, entry: Planned) -> ProbePart:
    replies = [given for given in outcome.replies if given.probe == entry.name]
    seen = [row for row in outcome.observations if row.probe == entry.name]
    assessed = entry.name not in outcome.not_assessed and bool(seen)
    return {
        "name": entry.name,
        "title": entry.title,
        "question": "" if entry.probe is None else entry.probe.question,
        "status": "not_built" if entry.status == "not_built" else "assessed" if assessed else "not_assessed",
        "reason": "" if assessed else entry.reason or outcome.not_assessed.get(entry.name, "no answers"),
        "notes": [
            *(() if entry.plan is None else entry.plan.notes),
            *_prompt_notes(outcome),
            *_reply_notes(replies),
            *noise_notes(entry, replies),
        ],
        "skipped": [] if entry.plan is None else list(entry.plan.skipped),
        "controls": []
        if entry.probe is None
        else [{"name": control.name, "why": control.why} for control in entry.probe.controls],
        "n_items": 0 if entry.plan is None else len(entry.plan.items),
        "n_requests": len(entry.requests),
        "statuses": {given.role: _clean_statuses(given) for given in replies},
        "outcomes": outcome_counts(seen),
        "n_failed": 0 if has_pages(entry) else len(_failed(seen)),
    }


def _clean_statuses(replies: Replies) -> dict[str, int]:
    pairs = zip(replies.requests, replies.answers, strict=True)
    return dict(Counter(str(answer.status) for request, answer in pairs if answer and request.condition == CLEAN))


def _prompt_notes(outcome: Outcome) -> list[str]:
    made = outcome.record["system_prompt"]
    if made is None:
        return []
    return [f"All models were asked under the same system prompt, the product's (sha256 {str(made)[:12]})."]


def _reply_notes(replies: Iterable[Replies]) -> list[str]:
    notes = []
    for given in replies:
        whose = f"The answers of the {given.role}"
        if given.lacking:
            notes.append(f"{whose} lack the conditions {', '.join(given.lacking)}: not assessed.")
        if given.missing:
            notes.append(f"{whose} lack {_named(given.missing)}: missing data.")
        if given.unmatched:
            notes.append(f"{whose} hold {_named(given.unmatched)} that match no item.")
    return notes


def _named(ids: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(ids[:most]) + (", …" if len(ids) > most else "")
    return f"{len(ids)} {'id' if len(ids) == 1 else 'ids'} ({shown})"


def _failed(rows: Iterable[Observation]) -> list[str]:
    """Items that the model failed under clean, strict scoring, in order; those that the base got right come first."""
    strict = [row for row in rows if row.scoring == "strict" and row.condition == CLEAN and row.value is not None]
    wrong = {row.item: None for row in strict if row.model == "model" and row.outcome != "correct"}
    base_right = {row.item for row in strict if row.model == "base" and row.outcome == "correct"}
    return sorted(wrong, key=lambda item: item not in base_right)


def _gallery(outcome: Outcome) -> tuple[list[GalleryPart], dict[str, bytes]]:
    shown: list[GalleryPart] = []
    pictures: dict[str, bytes] = {}
    for entry in _without_pages(outcome):
        rows = [row for row in outcome.observations if row.probe == entry.name]
        requests = {request.item.id: request for request in entry.requests if request.condition == CLEAN}
        replies = _replies(outcome.replies, entry.name, rows)
        mates = mates_of(requests)
        for item in _spread(given_alike(_failed(rows), mates, rows), requests, GALLERY):
            images = images_of(item, mates, requests) if outcome.prepared.config.images else ()
            keys = keys_of(images, pictures)
            shown.append(_entry(entry.name, requests[item], keys, replies[item], caption(item, mates, rows)))
    return shown, pictures


def _changes(outcome: Outcome, pictures: dict[str, bytes]) -> list[ChangesPart]:
    kept = pictures if outcome.prepared.config.images else None
    entries = [entry for entry in _without_pages(outcome) if not entry.changed]  # these have a section of their own
    found = (changes_of(entry, outcome.replies, outcome.observations, kept) for entry in entries)
    return [part for part in found if part is not None]


def _without_pages(outcome: Outcome) -> list[Planned]:
    """The probes whose items are shown one by one."""
    return [entry for entry in outcome.prepared.planned if not has_pages(entry)]


def _leakage(outcome: Outcome, pictures: dict[str, bytes]) -> LeakagePart | None:
    prepared = outcome.prepared
    kept = pictures if prepared.config.images else None
    datasets = [entry.dataset for entry in prepared.loaded]
    rows = outcome.observations
    return leakage_part(prepared.planned, outcome.replies, rows, prepared.models["model"], datasets, kept)


def _regions(outcome: Outcome, pictures: dict[str, bytes]) -> RegionsPart | None:
    prepared = outcome.prepared
    kept = pictures if prepared.config.images else None
    return regions_part(prepared.planned, outcome.observations, outcome.findings, kept)


def _spread(items: Sequence[str], requests: Mapping[str, Request], most: int) -> list[str]:
    """At most `most` items, taken in turn over kinds of item, so that one kind does not fill the gallery."""
    kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for item in items:
        if item in requests:
            tags = requests[item].item.tags
            kinds[tuple(tags.get(name, "") for name in ("format", "polarity"))].append(item)
    turns = [(turn, kind, item) for kind, members in kinds.items() for turn, item in enumerate(members)]
    return [item for _, _, item in sorted(turns)[:most]]


def _entry(
    probe: str, request: Request, keys: Sequence[str], answers: Mapping[str, ReplyPart], caption: str
) -> GalleryPart:
    item = request.item
    return gallery_entry(
        probe=probe,
        item=item.id,
        condition=request.condition,
        images=keys,
        question=request.query.text,
        options=[(option.label, option.text) for option in request.query.options],
        gold=item.target,
        answers=answers,
        tags={name: value for name, value in item.tags.items() if name not in TECHNICAL},
        caption=caption,
    )


def _replies(replies: Iterable[Replies], probe: str, rows: Iterable[Observation]) -> dict[str, dict[str, ReplyPart]]:
    judged = {(row.model, row.item): row for row in rows if row.scoring == "strict" and row.condition == CLEAN}
    parts: dict[str, dict[str, ReplyPart]] = defaultdict(dict)
    for reply_set in replies:
        if reply_set.probe != probe:
            continue
        for request, answer in zip(reply_set.requests, reply_set.answers, strict=True):
            row = judged.get((reply_set.role, request.item.id))
            if request.condition == CLEAN and answer is not None and row is not None:
                parts[request.item.id][reply_set.role] = reply(
                    spoken(answer), reading=row.given, outcome=row.outcome, status=answer.status
                )
    return parts
