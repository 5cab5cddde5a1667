"""A query as the body of a chat completion request: pure, pixels re-encoded, nothing of a file's metadata."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from audit.core.image import Image
from audit.core.query import Message, Part, Query
from audit.models.endpoint import Endpoint, Fields

PREFIX_NOTE = "prefix_in_question"


def request_body(query: Query, endpoint: Endpoint) -> dict[str, Any]:
    """The JSON body that puts `query` to the endpoint; reads and encodes the images (raises what their readers raise).

    Servers have no common way to start the model's turn: a `prefix` is put at the end of the question instead.
    """
    fields, decoding = endpoint.fields, query.decoding
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [_message(message, fields) for message in _with_prefix(query)],
        fields.max_tokens_field: decoding.max_new_tokens + fields.reasoning_tokens,
        "temperature": decoding.temperature,
    }
    if decoding.top_p != 1.0:
        body["top_p"] = decoding.top_p
    if decoding.stop:
        body["stop"] = list(decoding.stop)
    if fields.reasoning_effort:
        body["reasoning_effort"] = fields.reasoning_effort
    seed = _seed(query, fields.seed)
    if seed is not None:
        body["seed"] = seed
    if query.how == "choose" and fields.top_logprobs and "logprobs" not in fields.omit:
        body |= {"logprobs": True, "top_logprobs": fields.top_logprobs}
    return {name: value for name, value in body.items() if name not in fields.omit}


def _seed(query: Query, given: int | None) -> int | None:
    """The declared seed; where text is drawn, moved by the query's digest so that every sample is a new draw."""
    if query.decoding.temperature == 0:
        return given
    return ((given or 0) + int(query.digest[:7], 16)) % 2**31


def _with_prefix(query: Query) -> tuple[Message, ...]:
    if not query.prefix or not query.messages:
        return query.messages
    *before, last = query.messages
    return (*before, replace(last, parts=(*last.parts, query.prefix)))


def _message(message: Message, fields: Fields) -> dict[str, Any]:
    if all(isinstance(part, str) for part in message.parts):
        return {"role": message.role, "content": message.text}
    return {"role": message.role, "content": [_part(part, fields) for part in message.parts]}


def _part(part: Part, fields: Fields) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    shown = {"url": data_uri(part, fields.max_side)}
    if fields.detail and "detail" not in fields.omit:
        shown["detail"] = fields.detail
    return {"type": "image_url", "image_url": shown}


def data_uri(image: Image, max_side: int | None = None) -> str:
    """The pixels as a PNG in a data URI."""
    from audit.data.png import encode_png

    return "data:image/png;base64," + base64.b64encode(encode_png(image, max_side=max_side)).decode("ascii")
