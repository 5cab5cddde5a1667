"""One attempt at a call: a bounded reply, or the reason why there is none."""

from __future__ import annotations

import asyncio

import httpx

from audit.models.backoff import RETRIED, retry_after
from audit.models.completion import clean, complaint

MAX_BODY = 20_000_000
Reply = tuple[int, httpx.Headers, bytes]


async def post(
    client: httpx.AsyncClient, base: str, content: bytes, timeout: float
) -> tuple[Reply | None, str, float | None]:
    """POST `content` to the chat completions of `base`, within `timeout` seconds in all.

    Returns the reply (status, headers, body), or (None, why a second attempt may fare better, the seconds that the
    server asks to wait). A body longer than `MAX_BODY` is cut after that limit, so that its length tells.
    """
    try:
        async with asyncio.timeout(timeout):
            reply = await _post(client, f"{base}/chat/completions", content)
    except TimeoutError:
        return None, f"no reply within {timeout:g} s", None
    except httpx.HTTPError as error:
        return None, clean(f"{type(error).__name__}: {error}"), None
    status, headers, body = reply
    if status in RETRIED:
        return None, f"HTTP {status}: {complaint(body)[0]}", retry_after(headers.get("retry-after"))
    return reply, "", None


async def _post(client: httpx.AsyncClient, url: str, content: bytes) -> Reply:
    body = bytearray()
    async with client.stream("POST", url, content=content, headers={"Content-Type": "application/json"}) as response:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MAX_BODY:
                break
    return response.status_code, response.headers, bytes(body)
