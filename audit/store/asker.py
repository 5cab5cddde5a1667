"""The asker: the one place where models are called. Dedupe, look up, ask, record, retry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from audit.core.ahead import hash_images
from audit.core.answer import Answer
from audit.core.canonical import digest
from audit.core.item import Request
from audit.core.model import Lookup, Model, is_lookup
from audit.core.query import Query, answer_key
from audit.store.store import Store

Progress = Callable[[int, int], None]


def quiet(_done: int, _total: int) -> None:
    """Progress that is shown to nobody."""


@dataclass(frozen=True)
class Asked:
    """What became of some requests: one answer each (None where a lookup has none), and the counts.

    `n_calls` queries went to the model, `n_stored` distinct ones were answered from the store or the cache.
    """

    answers: tuple[Answer | None, ...]
    n_calls: int = 0
    n_stored: int = 0

    @property
    def n_errors(self) -> int:
        """How many requests are left without an answer because of errors."""
        return sum(answer is not None and answer.status == "error" for answer in self.answers)


@dataclass
class Asker:
    """Asks requests through a store. `cache` is a second store, shared between runs, read before asking.

    Errors are asked again up to `retries` times, and anew when the same run is started again; they are never
    taken for answers.
    """

    store: Store
    cache: Store | None = None
    progress: Progress = quiet
    retries: int = 1
    _calls: int = field(default=0, init=False)

    def ask(self, model: Model | Lookup, role: str, probe: str, requests: Sequence[Request]) -> Asked:
        """Answers of `requests`, in order. Raises what the model raises when nothing will work (`InputError`)."""
        if is_lookup(model):
            return self._look_up(model, role, probe, requests)
        name = self._remember(model)
        hash_images(image for request in requests for image in request.query.images)
        keys = [answer_key(request.query, dict(model.fingerprint)) for request in requests]
        self.store.put_places(role, probe, requests, keys)
        queries = {key: request.query for key, request in zip(keys, requests, strict=True)}
        answers = self._stored(queries, name)
        n_stored, self._calls = len(answers), 0
        for _ in range(1 + self.retries):
            pending = {key: query for key, query in queries.items() if _unanswered(answers.get(key))}
            if not pending:
                break
            answers.update(self._call(model, name, pending, len(queries)))
        return Asked(tuple(answers[key] for key in keys), self._calls, n_stored)

    def _remember(self, model: Model | Lookup) -> str:
        if self.cache is not None:
            self.cache.put_model(model.fingerprint)
        return self.store.put_model(model.fingerprint)

    def _stored(self, queries: dict[str, Query], name: str) -> dict[str, Answer]:
        answers = self.store.get(queries)
        if self.cache is not None:
            cached = self.cache.get(key for key in queries if key not in answers)
            for key, answer in cached.items():
                self.store.put(key, queries[key].digest, name, answer)
            answers |= cached
        return answers

    def _call(self, model: Model, name: str, pending: dict[str, Query], total: int) -> dict[str, Answer]:
        keys, queries = list(pending), list(pending.values())
        answers: dict[str, Answer] = {}
        done = total - len(pending)
        self.progress(done, total)
        for index, answer in model.answers(queries):
            key = keys[index]
            self.store.put(key, queries[index].digest, name, answer)
            if self.cache is not None and answer.status != "error":
                self.cache.put(key, queries[index].digest, name, answer)
            answers[key] = answer
            self.progress(done + len(answers), total)
        self._calls += len(answers)
        missing = Answer.failed("the adapter gave no answer to this query")
        return {key: answers.get(key, missing) for key in keys}

    def _look_up(self, model: Lookup, role: str, probe: str, requests: Sequence[Request]) -> Asked:
        name = self._remember(model)
        answers = tuple(model.look_up(requests))
        found = [(request, answer) for request, answer in zip(requests, answers, strict=True) if answer is not None]
        keys = [place_key(request, probe, name) for request, _ in found]
        self.store.put_places(role, probe, [request for request, _ in found], keys)
        for key, (_, answer) in zip(keys, found, strict=True):
            self.store.put(key, "", name, answer)
        return Asked(answers, 0, len(found))


def place_key(request: Request, probe: str, model: str) -> str:
    """The key of an answer that was looked up: by place, since a replay needs no images and so no query digest."""
    return digest({"schema": "medaudit.key/1", "place": [probe, *request.place], "model": model})


def _unanswered(answer: Answer | None) -> bool:
    return answer is None or answer.status == "error"
