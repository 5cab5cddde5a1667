"""Contract tests for plugins: what every probe and every model adapter promises, ours included.

    from medaudit.testing import check_adapter, check_probe
    check_probe(MY_PROBE, dataset)
    check_adapter(my_model)

Each raises `AssertionError` with a sentence that says what to change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from audit.app.conditions import control_requests
from audit.app.encoders import Encoders
from audit.app.judging import observe, with_derived
from audit.app.selftest.cast import HONEST
from audit.app.selftest.power import RESAMPLES
from audit.app.selftest.signs import fires
from audit.app.selftest.stage import Stage, stage_on
from audit.core.answer import STATUSES, Answer
from audit.core.canonical import canonical
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.finding import Finding
from audit.core.image import Image
from audit.core.item import Request
from audit.core.model import MasksTokens, Model
from audit.core.observation import Observation
from audit.core.probe import Flaw, Probe, UsesEncoder
from audit.core.query import Decoding, How, Intervention, Option, Query, ask
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import load_policy
from audit.store.embeddings import Embeddings
from medaudit.testing_encoders import check_encoder

CAPABILITIES = {"generate", "choose", "likelihood", "embed", "mask_tokens"}
_PICTURE = Image.of(np.arange(64 * 64, dtype=np.uint32).reshape(64, 64).astype(np.uint8))
HOSTILE = (
    "",
    " ",
    "\x00",
    "<script>alert(1)</script>",
    "A" * 1_000_000,
    "(" * 50_000,
    "\u202eabc",
    "\ud800",
    "{{ 7 * 7 }}",
)


def check_probe(probe: Probe, dataset: Dataset, seed: int = 0, options: Mapping[str, object] | None = None) -> None:
    """All contracts of a probe on data that it can use, under its default options or `options` (which may make a large
    plan small). A probe that embeds images when it plans is lent image features. Raises `AssertionError`."""
    check_declarations(probe)
    if isinstance(probe, UsesEncoder):
        probe = probe.with_encoder(Encoders(None, Embeddings()).lend)
    check_options(probe)
    requests = check_plan(probe, dataset, seed, options)
    check_judgements(probe, requests)
    check_flaws(probe, dataset, seed, options)


def check_declarations(probe: Probe) -> None:
    """Facts that a probe states about itself."""
    assert probe.name.isidentifier(), f"Expected `name` to be an identifier but got {probe.name!r}"
    assert probe.title and probe.question.strip().endswith("?"), "Give a title, and the question that the probe answers"
    assert probe.version >= 1, "Count versions from 1: a new version means that answers are judged anew"
    assert probe.needs <= CAPABILITIES, f"Unknown capabilities {sorted(probe.needs - CAPABILITIES)}"
    assert probe.data, "Name the kinds of data that the probe takes"
    assert probe.controls, "Declare at least one control: what score does a model reach that sees nothing?"
    assert all(control.why for control in probe.controls), "Say why each control is there"
    assert probe.flaws, "Ship at least one planted flaw that the probe finds"


def check_options(probe: Probe) -> None:
    """Options have defaults, and mistakes are errors of input that name the key."""
    assert probe.options({}) == probe.options({}), "Equal options must compare equal: use a frozen dataclass"
    try:
        probe.options({"no_such_option": "1"})
    except InputError as error:
        assert "no_such_option" in str(error), "Name the unknown key in the error"
    else:
        raise AssertionError("An unknown option must raise InputError")


def check_plan(
    probe: Probe, dataset: Dataset, seed: int, options: Mapping[str, object] | None = None
) -> tuple[Request, ...]:
    """The plan is pure, its places are unique, and its items are complete; returns its requests."""
    chosen = probe.options(options or {})
    plans = [probe.plan(dataset, chosen, np.random.default_rng(seed)) for _ in range(2)]
    requests = plans[0].requests
    assert requests, f"The data gives nothing to ask: {plans[0].skipped}"
    keys = [[(request.place, request.query.digest) for request in plan.requests] for plan in plans]
    assert keys[0] == keys[1], "Equal data, options and seed must give equal requests"
    places = [place for place, _ in keys[0]]
    assert len(set(places)) == len(places), "Each (item, condition, sample) may be asked once"
    for request in requests:
        assert request.item.cluster, f"Item {request.item.id} has no cluster: name the patient, document or image"
        assert request.item.target, f"Item {request.item.id} has no target"
    return requests


def check_judgements(probe: Probe, requests: Sequence[Request]) -> None:
    """The target is right, hostile text is never right by accident and never raises, statuses are kept."""
    for request in requests:
        right = [j for j in probe.judge(request, _oracle(request)) if j.scoring == "strict"]
        assert right, "Give a strict judgement"
        assert all(j.outcome == "correct" and j.value == 1 for j in right), (
            f"The target of {request.item.id} is not right"
        )
    for request in requests[:: max(1, len(requests) // 20)]:
        for text in HOSTILE:
            for judgement in probe.judge(request, Answer(text)):
                assert judgement.value is None or 0 <= judgement.value <= 1, "Values lie in [0, 1]"
        for status in STATUSES:
            if status in ("refused", "truncated"):
                (strict,) = [j for j in probe.judge(request, Answer("", status)) if j.scoring == "strict"]
                assert strict.outcome == status, f"Strict scoring must keep the status {status!r} as the outcome"
                assert strict.value == 0, f"{status!r} stays in the denominator as not correct"


def check_flaws(probe: Probe, dataset: Dataset, seed: int = 0, options: Mapping[str, object] | None = None) -> None:
    """Every planted flaw is found by the whole audit, beside an honest base model, and an honest model has none of
    them: a probe without that has no place among the others (`medaudit selftest`)."""
    stage = stage_on(probe, dataset, options, seed).resampled(RESAMPLES)
    honest = stage.audit(HONEST, HONEST, seed).findings
    for flaw in probe.flaws:
        check_flaw(stage, flaw, honest, seed)


def check_flaw(stage: Stage, flaw: Flaw, honest: Sequence[Finding], seed: int = 0) -> None:
    """A model that the flaw has altogether is given away by one of the findings that the flaw names, and not by those
    that it spares; a model without it (`honest`) is not given away."""
    assert flaw.finds, f"Name the metrics that give the flaw {flaw.name!r} away"
    assert 0 < flaw.effect <= 1, f"Expected the effect of {flaw.name!r} to be a share above 0 but got {flaw.effect}"
    flawed = stage.audit(HONEST.flawed(flaw, 1.0), HONEST, seed).findings
    known = {name for finding in flawed for name in (finding.metric, f"{finding.metric}:{finding.comparison}")}
    unknown = [name for name in (*flaw.finds, *flaw.spares) if name not in known]
    assert not unknown, f"The flaw {flaw.name!r} names what no finding is called: {', '.join(unknown)}"
    assert fires(flawed, flaw.finds), f"The flaw {flaw.name!r} is not found by any of {', '.join(flaw.finds)}"
    assert not fires(flawed, flaw.spares), f"The flaw {flaw.name!r} does not spare {', '.join(flaw.spares)}"
    assert not fires(honest, flaw.finds), f"An honest model is taken for one with the flaw {flaw.name!r}"


def findings_of(probe: Probe, requests: Sequence[Request], answers: Sequence[Answer], seed: int) -> tuple[Finding, ...]:
    """What the audit concludes about a model that gives these answers, under the default policy."""
    observations: tuple[Observation, ...] = observe(probe, "model", requests, answers, frozenset())
    observations = with_derived(probe, observations)
    policy = replace(load_policy(), resamples=1000)
    drafts = conclude(probe.name, probe.measures(observations), observations, policy, seed)
    return decide(drafts, policy, probes=(probe.name,))


def control_conditions(probe: Probe, requests: Sequence[Request]) -> frozenset[str]:
    """The names of the conditions under which the pipeline will ask the probe's controls."""
    made = control_requests(requests, probe.controls, np.random.default_rng(0), pictures=False)
    return frozenset(request.condition for request in made)


def check_adapter(model: Model, image: Image | None = None) -> None:
    """All contracts of a model adapter; asks it a few questions. Raises `AssertionError`."""
    assert model.capabilities <= CAPABILITIES, f"Unknown capabilities {sorted(model.capabilities - CAPABILITIES)}"
    assert model.capabilities, "Declare what may be asked of the model"
    assert canonical(dict(model.fingerprint)) == canonical(dict(model.fingerprint)), "The fingerprint must not change"
    if "mask_tokens" in model.capabilities:
        check_masking(model, image or _PICTURE)
    if "embed" in model.capabilities:
        check_encoder(model, image or _PICTURE)
    queries = _queries(model, image or _PICTURE)
    first = _asked(model, queries)
    model.close()
    again = _asked(model, queries[::-1])[::-1]
    for query, one, two in zip(queries, first, again, strict=True):
        if query.decoding.temperature == 0 and one.status == "ok" == two.status:
            assert one.text == two.text, (
                f"A greedy answer changed with the order of the queries: {one.text!r}, {two.text!r}"
            )


def check_masking(model: Model, image: Image) -> None:
    """A model that hides tokens says where, hides what it says, and never answers as if it had. Raises
    `AssertionError`."""
    assert isinstance(model, MasksTokens), "A model that declares mask_tokens has all of `MasksTokens`"
    assert bool(model.token_layers) != bool(model.no_masking), "Name layers, or say why there are none"
    how: How = "generate" if "generate" in model.capabilities else "choose"
    bare = Query(ask(image, "Which side?"), (Option("A", "left"), Option("B", "right")), how)
    for layer, fills in model.token_layers.items():
        for fill in fills:
            (hidden,) = model.hidden_tokens(replace(bare, intervention=Intervention(layer, (), fill, pick="all")))
            assert hidden.hidden == tuple(range(hidden.tokens)), f"`pick=all` hides every token at {layer}"
            assert len(hidden.cells) == len(hidden.hidden), f"Give a cell for every token that is hidden at {layer}"
    nowhere = replace(bare, intervention=Intervention("no such layer", (), "zero", pick="all"))
    (answer,) = _asked(model, [nowhere])
    assert answer.status == "error", "A query whose tokens cannot be hidden is an error, not an answer"


def _queries(model: Model, image: Image) -> list[Query]:
    options = (Option("A", "left"), Option("B", "right"))
    messages = ask(image, "Which side? A) left B) right")
    made: list[Query] = []
    if "generate" in model.capabilities:
        made += [Query(messages, decoding=Decoding(max_new_tokens=n)) for n in (4, 8)]
    if "choose" in model.capabilities:
        made.append(Query(messages, options, "choose"))
    if "likelihood" in model.capabilities:
        made.append(Query(messages, options, "likelihood"))
    return made


def _asked(model: Model, queries: Sequence[Query]) -> list[Answer]:
    got = list(model.answers(queries))
    indices = sorted(index for index, _ in got)
    assert indices == list(range(len(queries))), (
        f"Yield each index once: expected 0..{len(queries) - 1} but got {indices}"
    )
    answers = dict(got)
    for query, answer in ((query, answers[i]) for i, query in enumerate(queries)):
        assert answer.status in STATUSES, f"Unknown status {answer.status!r}"
        unknown = set(answer.option_logprobs) - {option.label for option in query.options}
        assert not unknown, f"Log-probabilities of options that were not offered: {sorted(unknown)}"
        assert all(value <= 1e-6 for value in answer.option_logprobs.values()), "Log-probabilities are at most 0"
    return [answers[i] for i in range(len(queries))]


def _oracle(request: Request) -> Answer:
    return Answer(request.item.target)
