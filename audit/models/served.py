"""What a server reports about the model that it serves: part of the fingerprint."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.models.backoff import RETRIED, pause, retry_after
from audit.models.completion import GarbageError, clean, read_json
from audit.models.endpoint import Endpoint

# "created" and "permission" are left out: some servers fill them anew with every call
REPORTED = ("owned_by", "root", "parent", "revision", "version", "system_fingerprint", "max_model_len", "quantization")
ATTEMPTS = 4
TIMEOUT = 20.0
MAX_LIST = 5_000_000


def reported(
    endpoint: Endpoint, settings: Mapping[str, Any], sleep: Callable[[float], None] = time.sleep
) -> dict[str, Json]:
    """The stable fields of the model's entry in GET /models; empty where the server has no such list.

    A passing trouble must not look like another model, so it is waited out. Where it stays, a server that stumbles
    over its own list (500) counts as one without; raises `InputError` for one that cannot be reached.
    """
    url, why, status = f"{endpoint.url}/models", "", 0
    with httpx.Client(**{**settings, "timeout": TIMEOUT}) as client:
        for attempt in range(1, ATTEMPTS + 1):
            told = None
            try:
                status, headers, body = _get(client, url)
            except httpx.HTTPError as error:
                status = 0
                why = clean(f"{type(error).__name__}: {error}")
            else:
                if status not in RETRIED:
                    return _entry(body, endpoint.model) if status == 200 else {}
                why = f"HTTP {status}"
                told = retry_after(headers.get("retry-after"))
            if attempt < ATTEMPTS:
                sleep(min(pause(attempt, url, told), TIMEOUT))
    if status == 500:
        return {}
    raise InputError(f"No answer from {endpoint.url}: {why}", remedy="start the server, or correct the address")


def _get(client: httpx.Client, url: str) -> tuple[int, httpx.Headers, bytes]:
    """Status, headers and body; a list that is too long or comes too slowly is cut, and so is none."""
    body, deadline = bytearray(), time.monotonic() + TIMEOUT
    with client.stream("GET", url) as response:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_LIST or time.monotonic() > deadline:
                break
    return response.status_code, response.headers, bytes(body)


def _entry(body: bytes, model: str) -> dict[str, Json]:
    try:
        data = read_json(body)
    except GarbageError:
        return {}
    entries = data.get("data") if isinstance(data, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and entry.get("id") == model:
            return {name: entry[name] for name in REPORTED if isinstance(entry.get(name), str | int)}
    return {}
