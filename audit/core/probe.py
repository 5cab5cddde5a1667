"""Probes: a description of what to ask, how to judge, and what to conclude."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import Item, Request
from audit.core.measure import Measure
from audit.core.model import Capability, Encoder
from audit.core.observation import Judgement, Observation
from audit.core.query import Query
from audit.core.reading import Reader

if TYPE_CHECKING:
    import numpy as np

ControlName = Literal["blind", "neutral", "shuffled", "constant"]


@dataclass(frozen=True)
class Control:
    """A control and the reason for it. `blind` removes the images, `neutral` shows a grey one, `shuffled` shows
    those of
    another item: these are asked. `constant` is computed from the targets and costs nothing. `clean_only` leaves it to
    clean requests, where a probe asks the same items under many conditions."""

    name: ControlName
    why: str
    clean_only: bool = False


@dataclass(frozen=True)
class Plan:
    """What a probe would ask of one dataset.

    `requests` are complete (controls aside, which the pipeline adds to clean requests); `skipped` says in words what
    could
    not be built and why; `notes` are sentences for the report (how items were made).
    """

    requests: tuple[Request, ...]
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The distinct items, in order of first appearance."""
        return tuple({request.item.id: request.item for request in self.requests}.values())


@dataclass(frozen=True)
class Flaw:
    """A flaw that a probe claims to find: a planted model shows that it does (`medaudit selftest`, docs/selftest.md).

    `answer` maps a request to what the flawed model says. `finds` name what must give the flaw away, at least one of
    them: a metric, or "metric:comparison" ("shifts.delta:vs_clean"); `spares`, in the same form, what must stay quiet.
    A finding gives a model away where its verdict is fail, where it is flagged worse, or where a control reaches the
    score. `effect` is the share of items on which the flaw has to show for the audit of the default data to find it 95
    times of 100 beside an honest base model. `looks`: the answers come from the images, so that without them the
    model guesses; False for a model that says the same whatever is shown.
    """

    name: str
    answer: Any
    finds: tuple[str, ...]
    effect: float = 1.0
    spares: tuple[str, ...] = ()
    looks: bool = True


class Probe(Protocol):
    """Everything about a probe; instances hold no state."""

    name: str
    title: str
    question: str
    version: int
    needs: frozenset[Capability]
    data: tuple[str, ...]
    controls: tuple[Control, ...]
    flaws: tuple[Flaw, ...]

    def options(self, given: Mapping[str, object]) -> Any:
        """Validate options (from `audit.yaml` or `--set`): a frozen object with defaults filled in, plain by
        `dataclasses.asdict`. Raises `InputError` that names the key and what is allowed."""

    def plan(self, dataset: Dataset, options: Any, rng: np.random.Generator) -> Plan:
        """Build the requests. Pure: equal input and generator state, equal plan."""

    def judge(self, request: Request, answer: Answer) -> Sequence[Judgement]:
        """Judge one answer under each scoring that applies. Never called for status `error`."""

    def measures(self, observations: Sequence[Observation]) -> Sequence[Measure]:
        """What to conclude: the measures that these observations allow."""

    def constant_answers(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """One answer per request that looks at nothing: the best unvarying one. What the `constant` control says, and
        never called where that is not declared."""


@runtime_checkable
class Derives(Protocol):
    """What a probe may offer beyond `Probe`: conclusions about several answers at once, such as both images of a pair
    or one question in two orders."""

    def derive(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """Further observations, each made of several of those given; pure. They enter the measures and no count of
        answers. Each needs a place (item, sample) of its own within its role, scoring and condition."""


@runtime_checkable
class AsksJudge(Protocol):
    """What a probe may offer beyond `Probe`: answers that only a judge model (`--judge SPEC`) can read.

    The judge is asked about each such answer, and what it says stands in `Answer.opinion` when the answer is judged.
    Without a judge model these requests are not asked at all."""

    def needs_opinion(self, request: Request) -> bool:
        """Whether answers to this request are read by a judge model."""

    def opinion_query(self, request: Request, answer: Answer) -> Query:
        """What the judge is asked about an answer."""


@runtime_checkable
class PutsOptions(Protocol):
    """What a probe may offer beyond `Probe`: questions with options whose prompt can be put in another format."""

    def bare_question(self, request: Request) -> str | None:
        """The question alone, without its options and how to answer; None where the request is of another kind."""


@runtime_checkable
class ReadsMost(Protocol):
    """What a probe that asks a judge may offer beyond `AsksJudge`: it reads answers by itself as well.

    Its requests are asked without a judge model too, and a judge is not asked about answers that are settled."""

    def settled(self, request: Request, answer: Answer) -> bool:
        """Whether the probe needs no opinion to judge this answer."""


@runtime_checkable
class MayNotTell(Protocol):
    """What a probe may offer beyond `Probe`: it knows from a few clean answers when the others can tell nothing.

    They are then not asked, and the probe is reported as not assessed, whatever its figures are."""

    def untold(self, observations: Sequence[Observation]) -> str:
        """Why nothing can be concluded about the model that these observations are of, in words; "" where it can."""


@runtime_checkable
class UsesReader(Protocol):
    """What a probe may offer beyond `Probe`: it can have printed text in images found by a reader (OCR), which is
    opened only if it is used."""

    def with_reader(self, reader: Callable[[], Reader]) -> Any:
        """The same probe with a reader to use; opening it raises `InputError` where it is not installed."""


@runtime_checkable
class UsesEncoder(Protocol):
    """What a probe may offer beyond `Probe`: it embeds images when it plans, before any model is asked."""

    def with_encoder(self, open_encoder: Callable[[str], Encoder]) -> Any:
        """The same probe with encoders to use. The callable takes a model spec, or "" for what suits the run (the
        audited model where it is contrastive, else image features); it raises `InputError` where that cannot embed.
        What it returns is also a `RegionEncoder` where regions can be embedded from one look at the whole image."""


@runtime_checkable
class KnowsHonest(Protocol):
    """What a probe may offer beyond `Probe`, for its contract: what a model without a flaw says, where that depends on
    the condition and is not the item's target."""

    def honest(self, request: Request) -> str:
        """The answer of a flawless model."""


@runtime_checkable
class Intervenes(Protocol):
    """What a probe may offer beyond `Probe`: it asks about images that it changed itself, to learn what an answer rests
    on."""

    def intervenes(self, request: Request) -> bool:
        """Whether the image of a request was changed, so that right or wrong says nothing of how sure a model may
        be."""
