"""A run from end to end: data, plan, answers, observations, findings, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from audit.app.asking import ask_all
from audit.app.binding import Loaded, load_data
from audit.app.calibrating import Calibrated, calibrated
from audit.app.comparing.section import drafts_of, section
from audit.app.comparing.tuned import Tuned, sensitivity, tuned_of
from audit.app.config import RunConfig
from audit.app.encoders import Encoders
from audit.app.folder import RUN_SCHEMA, open_record, run_folder, write_json
from audit.app.judging import observe, observe_constant, with_derived
from audit.app.opinions import open_judge
from audit.app.planning import Planned, chosen_suite, plan_record, plan_run
from audit.app.privacy import check_host
from audit.app.prompting import observe_prompted
from audit.app.provenance import differences, versions
from audit.app.replies import Replies
from audit.app.suites import Suite
from audit.app.table import PLANNED, PROBES
from audit.app.tables import write_observations
from audit.app.twice import Twice
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.finding import FINDINGS_SCHEMA, Finding
from audit.core.item import Request
from audit.core.model import Lookup, Model, is_lookup
from audit.core.observation import ModelRole, Observation
from audit.core.probe import MayNotTell, Probe
from audit.core.redact import redact
from audit.models.replay import Replay
from audit.models.table import open_model
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.draft import Draft
from audit.policy.overall import Overall, overall
from audit.policy.policy import Policy, load_policy
from audit.store.asker import Asker, Progress, quiet
from audit.store.embeddings import NAME as EMBEDDINGS
from audit.store.embeddings import Embeddings
from audit.store.store import Store
from probes.calibration.answers import NAME as CALIBRATION
from probes.comparison.metrics import NAME


@dataclass(frozen=True)
class Prepared:
    """A run before its first answer: everything that the preflight shows. `embeddings` are those that planning made;
    `run` keeps them."""

    config: RunConfig
    suite: Suite
    policy: Policy
    models: Mapping[ModelRole, Model | Lookup]
    loaded: tuple[Loaded, ...]
    planned: tuple[Planned, ...]
    judge: Model | None = None
    embeddings: Embeddings = field(default_factory=Embeddings)

    @property
    def cast(self) -> Mapping[str, Model | Lookup]:
        """All models of the run by what they do: those that are audited, and the judge where there is one."""
        everyone: dict[str, Model | Lookup] = {str(role): model for role, model in self.models.items()}
        return everyone if self.judge is None else {**everyone, "judge": self.judge}

    @property
    def applied_policy(self) -> Policy:
        """The policy without its endpoints against the base, where the run neither has nor requires one; with those of
        the comparison alone, where nothing else was asked for."""
        if self.config.only_compare:
            return replace(self.policy, primary=self.policy.endpoints(frozenset({NAME, CALIBRATION})))
        if "base" in self.models or self.suite.requires_base:
            return self.policy
        return replace(self.policy, primary=tuple(end for end in self.policy.primary if end.comparison != "vs_base"))


@dataclass(frozen=True)
class Outcome:
    """A finished run: where it is kept, what it found, and everything that the report is made of."""

    prepared: Prepared
    folder: Path
    record: dict[str, Json]
    replies: tuple[Replies, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    overall: Overall
    not_assessed: Mapping[str, str]
    calibrated: tuple[Calibrated, ...] = ()
    tuned: tuple[Tuned, ...] = ()


def prepare(config: RunConfig) -> Prepared:
    """Read and check everything that a run needs, without loading a model. Raises `InputError`."""
    suite = chosen_suite(config)
    _check_bound(config, suite)
    policy = load_policy(config.policy)
    _check_required(config, policy)
    if config.tune_prompts and config.base is None:
        raise InputError("Prompts are tuned to compare two models", remedy="name the base model with --base")
    if config.shots and not config.tune_prompts:
        raise InputError("Examples belong to prompt formats", remedy="say how many formats with --tune-prompts")
    models: dict[ModelRole, Model | Lookup] = {"model": open_model(config.model)}
    if config.base is not None:
        models["base"] = open_model(config.base)
    judge = None if config.judge is None else open_judge(config.judge)
    for model in (*models.values(), *(() if judge is None else (judge,))):
        check_host(model, config.allow_hosts, user_images=bool(config.data))
    pictures = not all(is_lookup(model) for model in models.values())
    loaded = load_data(config, need_images=pictures, probes=suite.probes)
    _check_usable(loaded, policy)
    capabilities = {str(role): model.capabilities for role, model in models.items()}
    with closing(_encoders(config, models["model"])) as encoders:
        planned = plan_run(config, suite, loaded, capabilities, encoders, pictures=pictures)
    pooled = {role: _pooled(model, planned) for role, model in models.items()}
    return Prepared(config, suite, policy, pooled, loaded, planned, judge, encoders.embeddings)


def prepare_queries(config: RunConfig) -> tuple[Request, ...]:
    """Every request of a run, whatever a model can do; no model is opened. Raises `InputError`."""
    suite = chosen_suite(config)
    _check_bound(config, suite)
    loaded = load_data(config, need_images=True, probes=suite.probes)
    with closing(_encoders(config, None)) as encoders:
        planned = plan_run(config, suite, loaded, {}, encoders)
    active = [entry for entry in planned if entry.status == "planned"]
    return tuple(request for entry in active for request in entry.everything)


def _encoders(config: RunConfig, audited: Model | Lookup | None) -> Encoders:
    """What is lent to probes that embed images, with what earlier runs of this folder and of the cache embedded."""
    folders = (config.folder, *(() if config.cache is None else (config.cache,)))
    kept = Embeddings([folder / EMBEDDINGS for folder in folders])
    return Encoders(audited, kept, config.allow_hosts, user_images=bool(config.data))


def run(config: RunConfig, progress: Progress = quiet) -> Outcome:
    """Do the run, or what is left of it, and write its folder except the report. Raises `InputError`."""
    prepared = prepare(config)
    with ExitStack() as stack:
        folder = stack.enter_context(run_folder(config.folder))
        cache = None if config.cache is None else stack.enter_context(_open_cache(config.cache))
        record = open_record(folder, _record(prepared, first=not _answered_before(prepared, cache)))
        prepared.embeddings.keep((config.cache or folder) / EMBEDDINGS)
        store = stack.enter_context(Store(folder / "answers.sqlite"))
        replies = ask_all(Asker(store, cache, progress), prepared.models, prepared.planned, prepared.judge)
        outcome = conclude_run(prepared, folder, record, replies)
        _write(outcome)
    return outcome


def _answered_before(prepared: Prepared, cache: Store | None) -> bool:
    """Whether answers existed before this run, and so before its policy was fixed: replayed or cached ones."""
    models = prepared.models.values()
    cached = cache is not None and any(cache.count(digest(dict(model.fingerprint))) for model in models)
    return cached or any(isinstance(model, Replay) for model in models)


def _check_bound(config: RunConfig, suite: Suite) -> None:
    for probe, path in config.data:
        if probe is not None and probe not in suite.probes:
            raise InputError(f"Data are bound to {probe!r}, which is not a probe of this run", path=path)


def _check_required(config: RunConfig, policy: Policy) -> None:
    known = sorted({*PROBES.targets(), *PLANNED})
    for name in policy.required_probes:
        if name not in known:
            why = f"The policy requires an unknown probe {name!r}"
            raise InputError(why, path=config.policy, remedy=f"known: {', '.join(known)}")


def _pooled(model: Model | Lookup, planned: Sequence[Planned]) -> Model | Lookup:
    """A model that shows the images of other queries must know them all, or a resumed run would shuffle anew."""
    with_pool = getattr(model, "with_pool", None)
    if with_pool is None:
        return model
    asked = (request for entry in planned for request in entry.everything)
    pooled: Model = with_pool([request.query for request in asked])
    return pooled


def _check_usable(loaded: Sequence[Loaded], policy: Policy) -> None:
    for entry in loaded:
        data = entry.dataset
        if data.n_seen and data.n_unusable > policy.max_unusable_share * data.n_seen:
            first = next(problem for problem in data.problems if problem.kind == "unusable")
            raise InputError(
                f"{data.n_unusable} of {data.n_seen} images cannot be used, more than the policy's"
                f" {policy.max_unusable_share:.0%}; the first: {first.place}: {first.reason}",
                path=data.source,
                remedy="mend the data, or raise max_unusable_share in the policy",
            )


def _open_cache(path: Path) -> Store:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store(path / "answers.sqlite")
    except OSError as error:
        raise InputError(f"The cache cannot be used: {error.strerror}", path=path) from error


def _record(prepared: Prepared, *, first: bool) -> dict[str, Json]:
    config = prepared.config
    return {
        "schema": RUN_SCHEMA,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": config.command,
        "suite": prepared.suite.name,
        "suite_sha256": prepared.suite.sha256,
        "seed": config.seed,
        "plan": plan_record(prepared.planned),
        "policy": {"sha256": prepared.policy.sha256, "fixed_before_run": first},
        "models": {role: {"spec": m.spec, "fingerprint": dict(m.fingerprint)} for role, m in prepared.cast.items()},
        "data": [
            {"probe": entry.probe, "name": redact(entry.dataset.name), "sha256": entry.dataset.sha256}
            for entry in prepared.loaded
        ],
        "options": config.identity()["options"],
        "system_prompt": None if config.system_prompt is None else _text_digest(config.system_prompt),
        "versions": versions(),
    }


def _text_digest(path: Path) -> str:
    from audit.app.conditions import read_system_prompt

    return digest(read_system_prompt(path))


def conclude_run(prepared: Prepared, folder: Path, record: dict[str, Json], replies: tuple[Replies, ...]) -> Outcome:
    """All that follows from the replies, up to the verdict; nothing is written."""
    observations: list[Observation] = []
    drafts: list[Draft] = []
    sure: list[Calibrated] = []
    tuned: list[Tuned] = []
    for entry in prepared.planned:
        if entry.probe is None or entry.status != "planned":
            continue
        mine = [reply for reply in replies if reply.probe == entry.name]
        own = list(_observed(entry, entry.probe, mine))
        twice = Twice.of(entry, entry.probe, own, mine)
        prompted = observe_prompted(entry.probe, mine)
        observations += (*own, *twice.repeats, *prompted)
        seen = with_derived(entry.probe, own)
        drafts += conclude(
            entry.name,
            (*entry.probe.measures(seen), *twice.measures),
            (*seen, *twice.agreement),
            prepared.applied_policy,
            prepared.config.seed,
            with_derived(entry.probe, twice.again),
        )
        drafts += _compared(prepared, entry, own, twice.again)
        tuned += tuned_of(entry, prepared.config, own, prompted)
        sure.append(calibrated(entry.name, mine, entry.controls | entry.changed, own, twice.again, twice.stride))
        drafts += sure[-1].drafts(prepared.applied_policy, prepared.config.seed)
    drafts += [draft for one in tuned for draft in one.drafts(prepared.applied_policy, prepared.config.seed)]
    findings = decide(drafts, prepared.applied_policy, probes=(*prepared.suite.probes, NAME, CALIBRATION))
    findings = (*findings, *sensitivity(findings, prepared.policy.ci_level))
    lacking = not_assessed(prepared, observations)
    n_errors = sum(reply.n_errors for reply in replies)
    titles = {entry.name: entry.title for entry in prepared.planned}
    named = {titles.get(name, name): reason for name, reason in lacking.items()}
    total = overall(findings, named, n_errors, prepared.config.fail_on)
    return Outcome(prepared, folder, record, replies, tuple(observations), findings, total, lacking, tuple(sure),
                   tuple(tuned))  # fmt: skip


def _compared(
    prepared: Prepared, entry: Planned, observations: Sequence[Observation], again: Sequence[Observation]
) -> Iterator[Draft]:
    """The comparison with the base over the closed questions of a probe: the section that every audit has."""
    questions = section(entry.name, observations, prepared.config.metrics, again)
    if questions is not None:
        yield from drafts_of(questions, prepared.applied_policy, prepared.config.seed)


def _observed(entry: Planned, probe: Probe, replies: Sequence[Replies]) -> Iterator[Observation]:
    """What the models said, and what the constant control would have said to the same requests."""
    for reply in replies:
        yield from observe(probe, reply.role, reply.requests, reply.answers, entry.controls)
        answered = {r.place for r, answer in zip(reply.requests, reply.answers, strict=True) if answer is not None}
        own = () if entry.plan is None else entry.plan.requests
        yield from observe_constant(probe, reply.role, [request for request in own if request.place in answered])


def not_assessed(prepared: Prepared, observations: Sequence[Observation]) -> dict[str, str]:
    """What the suite requires and did not get, with the reason: probes, and the comparison with a base model."""
    required = prepared.policy.required_probes or prepared.suite.probes
    reasons: dict[str, str] = {}
    seen = {row.probe for row in observations if row.model == "model"}
    for entry in prepared.planned:
        if entry.name not in required:
            continue
        if entry.name not in seen:
            reasons[entry.name] = entry.reason or "no answers"
        elif isinstance(entry.probe, MayNotTell):
            own = [row for row in observations if row.probe == entry.name and row.model == "model"]
            why = entry.probe.untold(own)
            reasons |= {entry.name: why} if why else {}
    for name in required:
        if name not in {entry.name for entry in prepared.planned}:
            reasons[name] = "the policy requires it, this run did not ask for it"
    if prepared.suite.requires_base and "base" not in prepared.models:
        reasons["comparison with base"] = "no base model was named (--base SPEC)"
    return reasons


def _write(outcome: Outcome) -> None:
    folder = outcome.folder
    write_observations(folder / "observations.parquet", outcome.observations)
    record = {**outcome.record, "verdict": outcome.overall.verdict, "exit_code": outcome.overall.exit_code}
    write_json(
        folder / "findings.json",
        {"schema": FINDINGS_SCHEMA, "run": record, "findings": [f.plain() for f in outcome.findings]},
    )


def model_differences(outcome: Outcome) -> tuple[str, ...]:
    """What differs between model and base besides the weights."""
    models = outcome.prepared.models
    if "base" not in models:
        return ()
    return differences(models["model"].fingerprint, models["base"].fingerprint)
