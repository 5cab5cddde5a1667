"""Simulated models: how often they are right, in what words, and what is wrong with them.

Whether a model knows an answer is a threshold on a normal variable with a part of the cluster, a part of the item and
a part of the asking, so that each single answer is right with exactly the stated chance, however answers hang
together. Half of what clusters and items are worth is shared between both models of an audit: what is hard for one is
hard for the other. Where the image is not shown, a model guesses: any option, the same wherever the words are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from audit.app.selftest.sheet import NEITHER, Sheet
from audit.app.selftest.voice import Voice, briefly
from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.probe import Flaw
from audit.models.guess import told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ICC = 0.1
"""Correlation between two answers about one cluster (on the normal scale)."""
ITEM = 0.5
"""What two answers about one item share beyond that."""
SHARED = 0.5
"""The part of a cluster's and an item's difficulty that both models feel."""

Skill = Callable[[Request], float]


@dataclass(frozen=True)
class Persona:
    """A simulated model: `skill` is the chance of a right answer to a request whose image is shown (without it the
    model guesses); a share `effect` of the items is answered by the flaw instead. About a share `unsure` of the items
    it makes up its mind anew whenever it is asked."""

    name: str
    skill: float | Skill
    voice: Voice = briefly
    flaw: Flaw | None = None
    effect: float = 0.0
    unsure: float = 0.0

    def flawed(self, flaw: Flaw, effect: float) -> Persona:
        """The same model with a flaw."""
        return replace(self, name=flaw.name, flaw=flaw, effect=effect)

    def chances(self, sheet: Sheet) -> Array:
        """The chance of a right answer to each request whose image is shown."""
        skill = self.skill
        each = [skill(request) for request in sheet.requests] if callable(skill) else skill
        return np.broadcast_to(np.asarray(each, dtype=np.float64), len(sheet.requests))


@dataclass(frozen=True, eq=False)
class Difficulty:
    """What both models of an audit find hard: a normal number for each cluster and each item of a sheet."""

    clusters: Array
    items: Array

    @classmethod
    def of(cls, sheet: Sheet, rng: np.random.Generator) -> Difficulty:
        """Drawn anew for each audit."""
        return cls(rng.normal(size=_size(sheet.clusters)), rng.normal(size=_size(sheet.items)))


def answers(persona: Persona, sheet: Sheet, hard: Difficulty, rng: np.random.Generator) -> tuple[Answer, ...]:
    """What a simulated model says to every request of a probe."""
    latent = _latent(sheet, hard, rng, ICC, ITEM)
    private = Difficulty.of(sheet, rng)
    taken = _latent(sheet, private, rng, ICC, 1 - ICC) < persona.effect
    turns = rng.integers(0, 2**31, size=_size(sheet.askings))[sheet.askings]
    guesses = rng.integers(0, 2**31, size=_size(sheet.texts))[sheet.texts]
    if persona.unsure:
        anew = (rng.random(_size(sheet.items)) < persona.unsure)[sheet.items]
        latent = np.where(anew, rng.random(len(anew)), latent)
        turns = np.where(anew, rng.integers(0, 2**31, size=len(anew)), turns)
    knows = latent < persona.chances(sheet)
    said = []
    for place, request in enumerate(sheet.requests):
        flaw, unseen, turn = persona.flaw if taken[place] else None, bool(sheet.unseen[place]), int(turns[place])
        if flaw is not None and not (flaw.looks and unseen):
            said.append(_flawed(flaw, request))
        elif unseen:
            said.append(persona.voice(request, _guess(request, int(guesses[place])), turn))
        else:
            said.append(
                persona.voice(
                    request, sheet.right[place] if knows[place] else _wrongly(request, sheet.wrong[place], turn), turn
                )
            )
    return tuple(said)


def _latent(sheet: Sheet, hard: Difficulty, rng: np.random.Generator, cluster: float, item: float) -> Array:
    """A uniform number for each request, correlated as said."""
    own = Difficulty.of(sheet, rng)
    asking = rng.normal(size=_size(sheet.askings))
    common, alone = np.sqrt(SHARED), np.sqrt(1 - SHARED)
    normal = (
        np.sqrt(cluster) * (common * hard.clusters + alone * own.clusters)[sheet.clusters]
        + np.sqrt(item) * (common * hard.items + alone * own.items)[sheet.items]
        + np.sqrt(max(0.0, 1 - cluster - item)) * asking[sheet.askings]
    )
    return np.asarray(ndtr(normal), dtype=np.float64)


def _wrongly(request: Request, wrong: tuple[str, ...], turn: int) -> str:
    """Any wrong answer; where nothing offered is wrong, something else."""
    return wrong[turn % len(wrong)] if wrong else NEITHER if not request.query.options else request.item.target


def _guess(request: Request, number: int) -> str:
    """Any of the options."""
    options = request.query.options
    return options[number % len(options)].label if options else NEITHER


def _flawed(flaw: Flaw, request: Request) -> Answer:
    said = flaw.answer(request)
    return said if isinstance(said, Answer) else told(request.query, str(said))


def _size(numbers: NDArray[np.intp]) -> int:
    return int(numbers.max(initial=-1)) + 1
