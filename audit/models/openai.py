"""`openai:MODEL@http://host:port/v1`: any server that speaks the chat completions protocol of OpenAI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from typing import Any

import httpx

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.model import Capability
from audit.core.query import Query
from audit.models.backoff import pause
from audit.models.call import MAX_BODY, Reply, post
from audit.models.completion import GarbageError, clean, complaint, read_completion, read_json
from audit.models.endpoint import Endpoint, read_endpoint
from audit.models.network import is_local
from audit.models.reasoning import reasoning_pattern
from audit.models.remedy import remedy
from audit.models.spec import Spec
from audit.models.stream import share, stream
from audit.models.wire import PREFIX_NOTE, request_body

VERSION = 1
MAX_WAIT = 300.0
FILTERED = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})
CONNECT = 10.0
MIN_LOST = 5
STOPPING = frozenset({400, 401, 403, 404, 422})
OWN_FAULT = frozenset({400, 422})  # once others have been answered, the fault lies with this query

Sleep = Callable[[float], Awaitable[None]]
Emitted = tuple[int, str, Answer]


def open_openai(spec: Spec) -> OpenAIModel:
    """The model that the spec names; no call is made yet. Raises `InputError` for a wrong address or setting."""
    endpoint = read_endpoint(spec)
    try:
        httpx.URL(endpoint.url)
    except httpx.InvalidURL as error:
        raise InputError(f"The address {endpoint.url} cannot be used: {clean(str(error))}") from error
    return OpenAIModel(spec, endpoint)


class OpenAIModel:
    """A model behind HTTP. Calls run on one event loop in one thread, at most `concurrency` at a time.

    A call is tried up to `attempts` times, each with `timeout` seconds; then the query has failed, with the reason.
    What no repetition mends (a rejected field, a wrong key or name) stops at the first call with an `InputError`.
    """

    def __init__(self, spec: Spec, endpoint: Endpoint, sleep: Sleep = asyncio.sleep) -> None:
        self.spec = spec.text
        self.host = endpoint.host
        self.capabilities: frozenset[Capability] = frozenset({"generate", "choose"})
        self._endpoint = endpoint
        self._sleep = sleep
        self.most_images = spec.number("images", 1, low=1, high=1000) if "images" in spec.settings else None
        self._concurrency = spec.number("concurrency", 8, high=256)
        self._attempts = spec.number("attempts", 5, high=50)
        self._timeout = float(spec.number("timeout", 120, high=86_400))
        self._pattern_name = spec.settings.get("answer_pattern", "think")
        self._pattern = None if self._pattern_name == "none" else reasoning_pattern(self._pattern_name)
        self._unclaimed: dict[str, Answer] = {}
        self._answered = False
        self._lost = 0
        self._served_by: str | None = None

    @cached_property
    def fingerprint(self) -> Mapping[str, Json]:
        """Address, model, what the server's list of models says about it, request fields, adapter version.

        Asks the server once. Raises `InputError` where nothing answers at that address.
        """
        from audit.models.served import reported

        return {
            "adapter": "openai",
            "version": VERSION,
            "url": self._endpoint.url,
            "model": self._endpoint.model,
            "reported": reported(self._endpoint, self._client_settings()),
            "fields": self._endpoint.fields.plain(),
            "answer_pattern": self._pattern_name,
        }

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Answers as they come. If the consumer stops, what had come already is given out by the next call."""
        waiting = []
        for index, query in enumerate(queries):
            earlier = self._unclaimed.pop(query.digest, None) if self._unclaimed else None
            if earlier is None:
                waiting.append(index)
            else:
                yield index, earlier
        if waiting:
            with closing(stream(lambda emit: self._ask_all(queries, waiting, emit), self._keep)) as asked:
                for index, _, answer in asked:
                    yield index, answer

    def close(self) -> None:
        """Nothing stays open between calls of `answers`."""

    def _keep(self, emitted: Emitted) -> None:
        _, digest, answer = emitted
        if answer.status != "error":
            self._unclaimed[digest] = answer

    def _client_settings(self) -> dict[str, Any]:
        """Settings of the HTTP client. A proxy of the environment is for hosts beyond the local network only."""
        endpoint = self._endpoint
        return {
            "headers": {"User-Agent": "medaudit", **endpoint.headers()},
            "auth": endpoint.login if not endpoint.headers() else None,
            "timeout": httpx.Timeout(self._timeout, connect=min(CONNECT, self._timeout)),
            "follow_redirects": False,
            "trust_env": not is_local(endpoint.host),
            "limits": httpx.Limits(max_connections=self._concurrency, max_keepalive_connections=self._concurrency),
        }

    async def _ask_all(self, queries: Sequence[Query], waiting: list[int], emit: Callable[[Emitted], None]) -> None:
        async with httpx.AsyncClient(**self._client_settings()) as client:

            async def ask(index: int) -> None:
                query = queries[index]
                emit((index, query.digest, await self._ask(client, query)))

            # the first call goes out alone: what no call would survive costs one call
            alone = 0 if self._answered else 1
            self._lost = 0
            await share(waiting[:alone], ask, 1)
            await share(waiting[alone:], ask, self._concurrency)

    async def _ask(self, client: httpx.AsyncClient, query: Query) -> Answer:
        if query.how == "likelihood" or query.intervention is not None:
            return Answer.failed("a chat completions server gives neither likelihoods nor masked tokens")
        if self._lost > max(MIN_LOST, self._concurrency):
            return Answer.failed("not asked: the server had stopped answering")
        try:
            content, names = await asyncio.to_thread(_prepare, query, self._endpoint)
        except (InputError, OSError, ValueError) as error:
            return Answer.failed(clean(f"the query could not be put into a request: {error}"))
        why = ""
        for attempt in range(1, self._attempts + 1):
            reply, why, told = await post(client, self._endpoint.url, content, self._timeout)
            if reply is not None:
                self._lost = 0
                return self._read(reply, query, names)
            if told is not None and told > MAX_WAIT:
                why = f"{why} (the server asks to wait {told:.0f} s)"
                break
            if attempt < self._attempts:
                await self._sleep(pause(attempt, query.digest, told))
        else:
            why = f"{why} ({self._attempts} attempts)"
        self._lost += 1
        return self._failed(why)

    def _failed(self, why: str) -> Answer:
        return Answer.failed(self._endpoint.hide(why))

    def _read(self, reply: Reply, query: Query, names: frozenset[str]) -> Answer:
        status, headers, body = reply
        if len(body) > MAX_BODY:
            return Answer.failed(f"the server's reply is larger than {MAX_BODY // 1_000_000} MB")
        if status != 200:
            return self._refuse(status, headers, body, names)
        try:
            data = read_json(body)
            answer = read_completion(data, query, self._pattern)
        except GarbageError as error:
            return self._failed(str(error))
        self._answered = True
        prefixed = (PREFIX_NOTE,) if query.prefix else ()
        return replace(answer, notes=(*prefixed, *answer.notes, *self._changed(data)))

    def _changed(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """A note where the server's own fingerprint is another than that of the first answer."""
        served_by = data.get("system_fingerprint")
        if not isinstance(served_by, str) or not served_by:
            return ()
        self._served_by = self._served_by or served_by
        return () if served_by == self._served_by else ("server_changed",)

    def _refuse(self, status: int, headers: httpx.Headers, body: bytes, names: frozenset[str]) -> Answer:
        """An answer for a reply that concerns this query alone; `InputError` where no query would fare better."""
        message, code = complaint(body)
        message = self._endpoint.hide(message)
        if code in FILTERED:
            return Answer(status="refused", detail=message)
        if 300 <= status < 400:
            goal = self._endpoint.hide(clean(headers.get("location", "nowhere")))
            raise InputError(f"{self._endpoint.url} sends calls on to {goal}", remedy="name that address in the spec")
        if status in STOPPING and not (self._answered and status in OWN_FAULT):
            raise InputError(
                f"The server at {self._endpoint.url} rejects the request (HTTP {status}): {message}",
                remedy=remedy(status, message, names, self._endpoint),
            )
        return self._failed(f"HTTP {status}: {message}")


def _prepare(query: Query, endpoint: Endpoint) -> tuple[bytes, frozenset[str]]:
    body = request_body(query, endpoint)
    return json.dumps(body).encode("ascii"), frozenset(body)
