"""What a run will ask: each probe's plan on its data, within the limits, with its controls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from audit.app.binding import Loaded, bind
from audit.app.conditions import control_requests, read_system_prompt, with_system_prompt
from audit.app.config import RunConfig
from audit.app.encoders import Encoders
from audit.app.equipment import equipped
from audit.app.prompting import Prompted, prompted
from audit.app.repeating import repeat_requests
from audit.app.sample import fit_calls, sample_items
from audit.app.suites import Suite, load_suite
from audit.app.table import PLANNED, PROBES
from audit.core.canonical import Json, digest
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.finding import stream_seed
from audit.core.item import Request
from audit.core.model import Capability, needed
from audit.core.probe import AsksJudge, Intervenes, Plan, Probe, ReadsMost

Status = Literal["planned", "not_assessed", "not_built"]


@dataclass(frozen=True)
class Planned:
    """One probe of a run: what it will ask, or the reason why it cannot.

    `requests` hold everything that is asked of each model; `controls` are the conditions among them that are controls.
    `repeats` are clean requests to be asked once more, in other batches, `prompted` those in other prompt formats.
    """

    name: str
    title: str
    status: Status
    reason: str = ""
    probe: Probe | None = None
    options: Any = None
    dataset: Dataset | None = None
    plan: Plan | None = None
    requests: tuple[Request, ...] = ()
    controls: frozenset[str] = frozenset()
    repeats: tuple[Request, ...] = ()
    prompted: Prompted = field(default_factory=Prompted)

    @property
    def everything(self) -> tuple[Request, ...]:
        """All that is asked of each model."""
        return (*self.requests, *self.repeats, *self.prompted.requests)

    @property
    def changed(self) -> frozenset[str]:
        """The conditions under which the probe shows images that it changed to learn what an answer rests on."""
        probe = self.probe
        if not isinstance(probe, Intervenes):
            return frozenset()
        return frozenset(request.condition for request in self.requests if probe.intervenes(request))

    @property
    def n_queries(self) -> int:
        """Distinct queries: what each model is asked at most."""
        return len({request.query.digest for request in self.everything})

    @property
    def n_opinions(self) -> int:
        """How many of its requests a judge model may have to read the answers to, for each model."""
        if not isinstance(self.probe, AsksJudge):
            return 0
        return sum(self.probe.needs_opinion(request) for request in self.requests)

    def most_calls(self, n_models: int, *, judge: bool) -> int:
        """Calls of all models at most, the judge's (where there is one) counted too."""
        return n_models * (self.n_queries + (self.n_opinions if judge else 0))

    @property
    def n_images(self) -> int:
        """Distinct images among all queries."""
        return len({image.sha256 for request in self.requests for image in request.query.images})


def chosen_suite(config: RunConfig) -> Suite:
    """The suite of a run; probes named one by one make a suite of their own. Raises `InputError` for unknown names."""
    if config.probes:
        known = {*PROBES.targets(), *PLANNED}
        for name in config.probes:
            if name not in known:
                raise InputError(f"Unknown probe {name!r}", remedy=f"known: {', '.join(sorted(known))}")
        return Suite("", "Chosen probes", "", tuple(dict.fromkeys(config.probes)))
    return load_suite(config.suite or "safety")


def plan_run(
    config: RunConfig,
    suite: Suite,
    loaded: Sequence[Loaded],
    capabilities: Mapping[str, frozenset[Capability]],
    encoders: Encoders,
    *,
    pictures: bool = True,
) -> tuple[Planned, ...]:
    """The plan of every probe of the suite. `capabilities` are those of each model role, `encoders` what is lent to
    probes that embed images. Raises `InputError`.

    `pictures=False` (all answers are looked up) reads no image.
    """
    for name in config.options:
        if name not in suite.probes:
            raise InputError(f"Options are given for {name!r}, which is not a probe of this run")
    system = read_system_prompt(config.system_prompt)
    planned = [_plan_probe(name, config, loaded, capabilities, encoders, pictures) for name in suite.probes]
    planned = [_limited(entry, config.limit, config.seed) for entry in planned]
    planned = [_complete(entry, config, system, pictures) for entry in planned]
    if config.max_calls is None or not pictures:
        return tuple(planned)
    return tuple(_fitted(planned, config, config.max_calls, system, max(1, len(capabilities))))


def _plan_probe(
    name: str,
    config: RunConfig,
    loaded: Sequence[Loaded],
    capabilities: Mapping[str, frozenset[Capability]],
    encoders: Encoders,
    pictures: bool,
) -> Planned:
    if name not in PROBES.targets():
        return Planned(name, PLANNED.get(name, name), "not_built", "this probe has not been built yet")
    probe = equipped(PROBES.load(name), encoders)
    options = probe.options(config.options.get(name, {}))
    entry = Planned(name, probe.title, "not_assessed", probe=probe, options=options)
    lacking = {role: probe.needs - have for role, have in capabilities.items() if probe.needs - have}
    if lacking:
        role, missing = next(iter(lacking.items()))
        return replace(entry, reason=f"the {role} cannot do what it needs: {', '.join(sorted(missing))}")
    dataset = bind(probe, loaded)
    if dataset is None:
        return replace(entry, reason=f"no data of a kind that it takes ({', '.join(probe.data)})")
    import numpy as np

    rng = np.random.default_rng(stream_seed(config.seed, f"plan:{name}"))
    judge = config.judge is not None or not capabilities
    plan = askable(
        probe, probe.plan(dataset, options, rng), _abilities(capabilities) if pictures else None, judge=judge
    )
    entry = replace(entry, dataset=dataset, plan=plan, requests=plan.requests)
    _check_unique(name, plan.requests)
    if not plan.requests:
        why = "; ".join(plan.skipped) or "the data gives nothing to ask"
        return replace(entry, reason=why)
    return replace(entry, status="planned")


def _abilities(capabilities: Mapping[str, frozenset[Capability]]) -> frozenset[Capability] | None:
    """What some model of the run can do, None where none is known (queries are exported)."""
    return frozenset().union(*capabilities.values()) if capabilities else None


def askable(probe: Probe, plan: Plan, able: frozenset[Capability] | None, *, judge: bool) -> Plan:
    """The plan without requests that no model can answer (`able` None: whatever it takes, the answers exist) or that
    want a judge model where there is none; what was left out is told by its conditions."""
    reader = probe if isinstance(probe, AsksJudge) and not isinstance(probe, ReadsMost) and not judge else None
    why: dict[str, str] = {}
    kept = []
    for request in plan.requests:
        lacking = [] if able is None else sorted(needed(request.query) - able)
        if lacking:
            why[request.condition] = f"no model of this run can do what it needs ({', '.join(lacking)})"
        elif reader is not None and reader.needs_opinion(request):
            why[request.condition] = "its answers are read by a judge model (--judge SPEC)"
        else:
            kept.append(request)
    return replace(plan, requests=tuple(kept), skipped=(*plan.skipped, *_told(why)))


def _told(why: Mapping[str, str]) -> Iterator[str]:
    """One sentence for each reason, with the conditions that it keeps out."""
    for reason in dict.fromkeys(why.values()):
        names = [repr(condition) for condition, own in why.items() if own == reason]
        lead = f"The condition {names[0]} is" if len(names) == 1 else f"The conditions {', '.join(names)} are"
        yield f"{lead} not assessed: {reason}."


def _check_unique(name: str, requests: Iterable[Request]) -> None:
    seen: set[tuple[str, str, int]] = set()
    for request in requests:
        if request.place in seen:
            raise InputError(f"Probe {name!r} asks {request.place} twice", remedy="report this as a fault of the probe")
        seen.add(request.place)


def _limited(entry: Planned, n: int | None, seed: int) -> Planned:
    if n is None or entry.plan is None or entry.status != "planned":
        return entry
    import numpy as np

    items = entry.plan.items
    rng = np.random.default_rng(stream_seed(seed, f"sample:{entry.name}"))
    kept = {item.id for item in sample_items(items, n, rng)}
    if len(kept) == len(items):
        return entry
    note = f"A sample of {len(kept)} of {len(items)} items, drawn by whole clusters with seed {seed}."
    requests = tuple(request for request in entry.plan.requests if request.item.id in kept)
    plan = replace(entry.plan, requests=requests, notes=(*entry.plan.notes, note))
    return replace(entry, plan=plan, requests=requests)


def _complete(entry: Planned, config: RunConfig, system: str | None, pictures: bool = True) -> Planned:
    """The entry with its controls, its repeats and the system prompt."""
    if entry.plan is None or entry.probe is None or entry.status != "planned":
        return entry
    import numpy as np

    rng = np.random.default_rng(stream_seed(config.seed, f"controls:{entry.name}"))
    own = entry.plan.requests
    controls = control_requests(own, entry.probe.controls, rng, pictures=pictures)
    rng = np.random.default_rng(stream_seed(config.seed, f"repeats:{entry.name}"))
    repeats = repeat_requests(_repeatable(entry.probe, own, judge=config.judge is not None), config.repeats, rng)
    rng, choosing = (np.random.default_rng(stream_seed(config.seed, f"{what}:{entry.name}")) for what in _TUNING)
    forms = prompted(entry.probe, own, config.tune_prompts, rng, shots=config.shots, choosing=choosing)
    return replace(
        entry,
        requests=with_system_prompt((*own, *controls), system),
        prompted=replace(forms, requests=with_system_prompt(forms.requests, system)),
        controls=frozenset(request.condition for request in controls),
        repeats=with_system_prompt(repeats, system),
    )


_TUNING = ("prompts", "tuning")


def _repeatable(probe: Probe, requests: Sequence[Request], *, judge: bool) -> Sequence[Request]:
    """What can be asked again: a judge model's opinion of the second answer would be noise of its own."""
    if not judge or not isinstance(probe, AsksJudge):
        return requests
    return [request for request in requests if not probe.needs_opinion(request)]


def _fitted(
    planned: Sequence[Planned], config: RunConfig, most: int, system: str | None, n_models: int
) -> list[Planned]:
    """Cut to `--max-calls`; counted again after each cut, since equal queries are asked once."""
    entries = list(planned)
    for _ in range(8):
        active = [entry for entry in entries if entry.status == "planned" and entry.plan is not None]
        judge = config.judge is not None
        calls = {entry.name: float(entry.most_calls(n_models, judge=judge)) for entry in active}
        if sum(calls.values()) <= most:
            return entries
        sizes = {entry.name: len(entry.plan.items) for entry in active if entry.plan is not None}
        keep = fit_calls(calls, sizes, most)
        if min(keep.values()) < 1:
            break
        entries = [
            _complete(_limited(entry, keep[entry.name], config.seed), config, system) if entry.name in keep else entry
            for entry in entries
        ]
    raise InputError(
        f"--max-calls {most} is too few for one item of each probe",
        remedy="allow more calls or name fewer probes",
    )


def plan_record(planned: Sequence[Planned]) -> dict[str, Json]:
    """The plan as plain data for `run.json`: counts, options and a digest of all that is asked."""
    return {
        entry.name: {
            "status": entry.status,
            "options": {} if entry.options is None else {k: str(v) for k, v in asdict(entry.options).items()},
            "version": None if entry.probe is None else entry.probe.version,
            "n_requests": len(entry.requests),
            "n_repeats": len(entry.repeats),
            "n_prompted": len(entry.prompted.requests),
            "formats": [form.words for form in entry.prompted.formats],
            **({"shots": entry.prompted.shots} if entry.prompted.shots else {}),
            "places": digest([[*request.place] for request in entry.everything]),
        }
        for entry in planned
    }
