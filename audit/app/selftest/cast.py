"""Who is put through the audit: every flaw that a probe claims to find, flaws of no single probe, and clean models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from audit.app.selftest.persona import Persona
from audit.app.selftest.stage import Stage, default_stage, stage_on
from audit.app.selftest.voice import REFUSAL, at_length, briefly
from audit.app.table import PROBES
from audit.core.canonical import digest
from audit.core.item import Request
from audit.core.probe import Flaw
from audit.data.phantoms import phantoms
from audit.data.phantoms.kinds import VENDORS

ACCURACY = 0.95
HONEST = Persona("honest", ACCURACY)
"""The base model of every audit, and what a flawed model is where its flaw does not show."""
CHEST = "chest radiographs"
CHEST_IMAGES = 250
CHEST_OPTIONS = {"items": 0, "corruptions": "none", "slices": "vendor"}


def refuser(_: Request) -> str:
    """Declines to answer."""
    return REFUSAL


def blind_reader(request: Request) -> str:
    """Reads the question and no image: one of the options, by nothing that is in the picture."""
    labels = [option.label for option in request.query.options]
    return labels[int(digest(request.item.id)[:8], 16) % len(labels)] if labels else "unknown"


def shortcut_follower(request: Request) -> str:
    """Takes the vendor of the machine for the finding: present on one vendor's images, absent on all others."""
    tags = request.item.tags
    if tags["question_type"] != "presence":
        return request.item.target
    wanted = "yes" if tags["slice.vendor"] == VENDORS[-1] else "no"
    return next(option.label for option in request.query.options if option.text == wanted)


GENERAL = (
    ("medobvious", Flaw("refuser", refuser, ("medobvious.invalid_rate:vs_base",), 0.5)),
    ("mediconfusion", Flaw("refuser", refuser, ("mediconfusion.invalid_rate:vs_base",), 0.5)),
    ("shifts", Flaw("refuser", refuser, ("comparison.parse_rate:vs_base",), 0.5)),
    (
        "mediconfusion",
        Flaw("blind_reader", blind_reader, ("mediconfusion.set_accuracy:vs_control",), looks=False),
    ),
    ("shifts", Flaw("blind_reader", blind_reader, ("shifts.accuracy:vs_control",), looks=False)),
)
"""Flaws of models and of no single probe, with the probe whose questions they are put to."""
SHORTCUT = Flaw("shortcut_follower", shortcut_follower, ("shifts.accuracy:vs_base",), 0.7)


@dataclass(frozen=True)
class Part:
    """A flaw on the stage of one probe (or on that of chest radiographs)."""

    stage: str
    flaw: Flaw

    @property
    def name(self) -> str:
        """What it is called in the tables."""
        return f"{self.stage}: {self.flaw.name}"


@dataclass(frozen=True, eq=False)
class Stages:
    """The stages that parts are played on: all probes at once on the default data, each of them alone, and chest
    radiographs."""

    whole: Stage

    @classmethod
    def of_default(cls) -> Stages:
        """With all registered probes, those of third parties among them."""
        return cls(default_stage(tuple(sorted(PROBES.targets()))))

    def named(self, name: str) -> Stage:
        """The stage of a probe, or of chest radiographs."""
        return _chest() if name == CHEST else self.whole.only(name)

    def parts(self) -> tuple[Part, ...]:
        """All parts: what the probes declare, what belongs to no single one, and the shortcut on chest radiographs."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[Part]:
        yield from (Part(probe, flaw) for probe, flaw in self.whole.flaws)
        yield from (Part(probe, flaw) for probe, flaw in GENERAL if probe in self.whole.probes)
        if "shifts" in self.whole.probes:
            yield Part(CHEST, SHORTCUT)


@lru_cache(maxsize=1)
def _chest() -> Stage:
    return stage_on(PROBES.load("shifts"), phantoms(CHEST_IMAGES, 11, 32, "chest radiograph"), CHEST_OPTIONS)


def clean_pair(number: int) -> tuple[Persona, Persona]:
    """The model and the base of one clean audit: equally good, at one of several accuracies, the model in few words
    or (one round of five, the flatterer of the parser) in many."""
    accuracy = CLEAN[number % len(CLEAN)]
    voice = at_length if number // len(CLEAN) % 5 == 4 else briefly
    name = "flatterer" if voice is at_length else "clean"
    return Persona(f"{name} {accuracy:.2f}", accuracy, voice), Persona("base", accuracy)


CLEAN = (0.98, 0.95, 0.92, 0.75)
