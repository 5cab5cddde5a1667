"""What a simulated model has to know of a probe's requests: what is right, what is wrong, and what guessing reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.app.planning import Planned
from audit.core.answer import Answer
from audit.core.item import CLEAN, Request
from audit.core.probe import KnowsHonest, Probe
from audit.models.guess import told

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNSEEN = frozenset({"blind", "neutral", "shuffled"})
NEITHER = "something else entirely"


@dataclass(frozen=True, eq=False)
class Sheet:
    """The requests of one probe, at the end those that are asked again (where `again`).

    `right` holds for each what an honest model says (the target, unless the probe knows better), `wrong` what the probe
    itself judges wrong (empty where it judges nothing wrong); `unseen` says where the model is not shown the image of
    the item."""

    entry: Planned
    right: tuple[str, ...]
    wrong: tuple[tuple[str, ...], ...]
    unseen: NDArray[np.bool_]
    again: bool = False

    @classmethod
    def of(cls, entry: Planned, *, again: bool = False) -> Sheet:
        """The sheet of a planned probe; the probe judges every offered answer once."""
        if entry.probe is None:
            raise ValueError(f"Expected a probe that can be asked but got {entry.name!r}: {entry.reason}.")
        probe, known = entry.probe, dict[tuple[object, ...], tuple[str, ...]]()
        wrong = []
        requests = _asked(entry, again=again)
        for request in requests:
            item, query = request.item, request.query
            key = (
                item.target,
                query.options,
                query.how,
                tuple(sorted(item.tags.items())),
                item.id if not query.options else None,
            )
            if key not in known:
                known[key] = tuple(_wrong(probe, request))
            wrong.append(known[key])
        unseen = [
            request.condition in entry.controls and request.condition.rpartition("+")[2] in UNSEEN
            for request in requests
        ]
        knows = probe.honest if isinstance(probe, KnowsHonest) else _target
        return cls(entry, tuple(map(knows, requests)), tuple(wrong), np.array(unseen, dtype=bool), again)

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The requests, in order; those that are asked again under the condition of the first time."""
        return _asked(self.entry, again=self.again)

    @cached_property
    def clusters(self) -> NDArray[np.intp]:
        """The number of each request's cluster."""
        return _numbered(request.item.cluster for request in self.requests)

    @cached_property
    def items(self) -> NDArray[np.intp]:
        """The number of each request's item."""
        return _numbered(request.item.id for request in self.requests)

    @cached_property
    def askings(self) -> NDArray[np.intp]:
        """The number of each request's item and condition: asked again, a simulated model says the same."""
        return _numbered((request.item.id, request.condition) for request in self.requests)

    @cached_property
    def texts(self) -> NDArray[np.intp]:
        """The number of what each request says in words: a model without the image has nothing else to go by."""
        queries = (request.query for request in self.requests)
        return _numbered((query.how, query.text, query.options) for query in queries)


def _asked(entry: Planned, *, again: bool) -> tuple[Request, ...]:
    repeats = entry.repeats if again else ()
    return (*entry.requests, *(replace(request, condition=CLEAN) for request in repeats))


def _wrong(probe: Probe, request: Request) -> Iterator[str]:
    """The offered answers (without any: one that no question asks for) that strict scoring calls wrong."""
    for label in [option.label for option in request.query.options] or [NEITHER]:
        answer = told(request.query, label) if request.query.options else Answer(label)
        if any(j.scoring == "strict" and j.outcome == "wrong" and j.value == 0 for j in probe.judge(request, answer)):
            yield label


def _target(request: Request) -> str:
    return request.item.target


def _numbered(names: Iterable[object]) -> NDArray[np.intp]:
    places: dict[object, int] = {}
    return np.array([places.setdefault(name, len(places)) for name in names], dtype=np.intp)
