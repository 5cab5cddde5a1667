"""The preflight (`--dry-run`): what would be asked and what it could show, before any model loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from audit.app.pipeline import Prepared
from audit.app.planning import Planned
from audit.app.report import label_counts
from audit.core.dataset import Dataset, Problem
from audit.core.redact import redact
from audit.policy.plan import minimum_detectable
from audit.policy.policy import Policy

LISTED = 20
BY = ("modality", "view", "site", "vendor", "sex")


def preflight(prepared: Prepared) -> str:
    """The whole text: models, data, probes, calls, and what this sample can detect."""
    lines = [
        f"{role:<6} {model.spec}: {', '.join(sorted(model.capabilities))}" for role, model in prepared.cast.items()
    ]
    for entry in prepared.loaded:
        lines += ["", *_data(entry.dataset)]
    lines += ["", "Probes"]
    for planned in prepared.planned:
        lines += _probe(planned, prepared)
    n_models = len(prepared.models)
    judge = prepared.judge is not None
    total = sum(entry.most_calls(n_models, judge=judge) for entry in prepared.planned if entry.status == "planned")
    lines += ["", f"At most {total} calls in all ({n_models} model{'s' if n_models > 1 else ''})."]
    return redact("\n".join(lines))


def _data(data: Dataset) -> Iterator[str]:
    clusters = {record.cluster for record in data.records}
    unit = "patients" if data.has_patients else "clusters"
    yield f"Data {data.source or data.name}: {len(data.records)} usable of {data.n_seen} seen, {len(clusters)} {unit}"
    for name in BY:
        counts = label_counts(data, name)
        if counts:
            parts = [f"{value} {count} ({_clusters(data, name, value)})" for value, count in counts.items()]
            yield f"  {name} (clusters): {', '.join(parts)}"
    yield from (f"  {rule}" for rule in data.rules)
    yield from _problems(data.problems)


def _clusters(data: Dataset, name: str, value: str) -> int:
    return len({record.cluster for record in data.records if record.labels.get(name) == value})


def _problems(problems: Sequence[Problem]) -> Iterator[str]:
    kinds = Counter(problem.kind for problem in problems)
    for kind, count in kinds.items():
        yield f"  {kind}: {count}"
        chosen = [problem for problem in problems if problem.kind == kind]
        yield from (f"    {problem.place}: {problem.reason}" for problem in chosen[:LISTED])
        if count > LISTED:
            yield f"    ... and {count - LISTED} more"


def _probe(entry: Planned, prepared: Prepared) -> Iterator[str]:
    if entry.status != "planned" or entry.plan is None:
        yield f"  {entry.name}: {entry.status.replace('_', ' ')}: {entry.reason}"
        return
    items = entry.plan.items
    clusters = Counter(item.cluster for item in items)
    yield f"  {entry.name}: {len(items)} items in {len(clusters)} clusters"
    yield f"    {len(entry.requests)} requests per model, {entry.n_queries} distinct calls, {entry.n_images} images"
    if entry.repeats:
        yield f"    {len(entry.repeats)} clean requests are asked twice (--repeats)"
    if entry.prompted.formats:
        forms = entry.prompted
        also = f", each after {forms.shots} examples too" if forms.shots else ""
        n, asked = len(forms.formats), len(forms.requests)
        yield f"    {n} prompt formats are tried{also}, {asked} requests (--tune-prompts)"
        if forms.lacking:
            yield f"    no examples are shown (--shots): {forms.lacking}"
    for role in prepared.models:
        yield f"    {role}: {entry.n_queries} calls"
    if prepared.judge is not None and entry.n_opinions:
        yield f"    judge: at most {entry.n_opinions * len(prepared.models)} calls"
    yield from (f"    skipped: {reason}" for reason in entry.plan.skipped)
    endpoints = len(prepared.applied_policy.endpoints(frozenset(entry.name for entry in prepared.planned)))
    yield from _detectable(list(clusters.values()), prepared.applied_policy, endpoints)


def _detectable(sizes: Sequence[int], policy: Policy, endpoints: int) -> Iterator[str]:
    told = minimum_detectable(sum(sizes), len(sizes), policy, sizes=sizes, n_endpoints=endpoints)
    yield from (f"    {line}" for line in told.sentences)
