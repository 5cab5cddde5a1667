"""Controls that ask a real model about changed images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeGuard
from urllib.parse import urlencode

import numpy as np

from audit.core.answer import Answer
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.model import Capability, LimitsImages, Lookup, Model, Remote
from audit.core.query import Query
from audit.models.control import blind, neutral, shuffled
from audit.models.spec import Spec
from audit.models.table import open_model

VERSION = 1
OUT_OF_REACH: frozenset[Capability] = frozenset({"embed", "mask_tokens"})
Change = Callable[[Sequence[Query]], list[Query]]


class Mirror:
    """A model that is asked changed queries; its answers count as answers to the queries as they were."""

    def __init__(self, spec: str, inner: Model, control: Mapping[str, Json], change: Change) -> None:
        self.spec = spec
        self.inner = inner
        self._control, self._change = control, change

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Those of the inner model that go through queries."""
        return self.inner.capabilities - OUT_OF_REACH

    @property
    def most_images(self) -> int | None:
        """That of the inner model; any number where it is shown none."""
        inner = self.inner
        return inner.most_images if isinstance(inner, LimitsImages) and self._control["control"] != "blind" else None

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The control and the inner model's fingerprint."""
        return {"adapter": "control", "version": VERSION, **self._control, "inner": dict(self.inner.fingerprint)}

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """The inner model's answers to the changed queries."""
        return self.inner.answers(self._change(queries))

    def close(self) -> None:
        """Close the inner model."""
        self.inner.close()


class RemoteMirror(Mirror):
    """A mirror of a model behind a network: the host that pixels go to stays known."""

    @property
    def host(self) -> str:
        """The inner model's host."""
        return self.inner.host if isinstance(self.inner, Remote) else ""


class Shuffled(Mirror):
    """Shows each query the images of another one of a pool: give it with `with_pool`, before the fingerprint is taken.

    The pairing depends on the pool, not on what is asked in one call, and the pool's digest is in the fingerprint: so
    an interrupted run goes on as it began. Without a pool, the queries of a call are the pool.
    """

    def __init__(self, spec: str, inner: Model, seed: int, pool: Sequence[Query] = ()) -> None:
        self._seed, self._pool = seed, tuple(pool)
        pooled = digest(sorted({query.digest for query in self._pool})) if self._pool else "call"
        super().__init__(spec, inner, {"control": "shuffled", "seed": seed, "pool": pooled}, self._shuffle)

    def with_pool(self, queries: Sequence[Query]) -> Shuffled:
        """The same control over the images of `queries`."""
        return type(self)(self.spec, self.inner, self._seed, queries)

    def _shuffle(self, queries: Sequence[Query]) -> list[Query]:
        together = shuffled([*queries, *self._pool], np.random.default_rng(self._seed))
        return together[: len(queries)]


class RemoteShuffled(Shuffled, RemoteMirror):
    """The same for a model behind a network."""


def _each(change: Callable[[Query], Query]) -> Change:
    return lambda queries: [change(query) for query in queries]


CHANGES: Mapping[str, Change | None] = {"blind": _each(blind), "neutral": _each(neutral), "shuffled": None}


def _asks(model: Model | Lookup) -> TypeGuard[Model]:
    return hasattr(model, "answers")


def open_mirror(spec: Spec, name: str, target: str) -> Mirror:
    """The control `name` around the model that `target` and the remaining settings name. Raises `InputError`."""
    own = ("control_seed",) if name == "shuffled" else ()
    seed = spec.number("control_seed", 0, low=0, high=2**31 - 1) if own else 0
    rest = {key: value for key, value in spec.settings.items() if key not in own}
    inner = open_model(f"{target}?{urlencode(rest)}" if rest else target)
    # not isinstance: that reads every property, and a server would be called for its fingerprint
    if not _asks(inner):
        raise InputError(
            f"{spec.text!r} needs a model that can be asked", remedy="answers that exist cannot be changed"
        )
    remote = isinstance(inner, Remote)
    change = CHANGES[name]
    if change is None:
        return (RemoteShuffled if remote else Shuffled)(spec.text, inner, seed)
    return (RemoteMirror if remote else Mirror)(spec.text, inner, {"control": name}, change)
