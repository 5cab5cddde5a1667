"""The way out of a rejected request, in one line."""

from __future__ import annotations

import re

from audit.models.endpoint import OPTIONAL_FIELDS, Endpoint


def remedy(status: int, message: str, names: frozenset[str], endpoint: Endpoint) -> str:
    """What to change in the spec, from the HTTP status, the server's complaint and the names of the fields sent."""
    if status in (401, 403):
        name = endpoint.key_env or "OPENAI_API_KEY"
        return f"put a valid key into an environment variable and add ?key_env={name}"
    if status == 404:
        return f"is {endpoint.model!r} a model of this server, and does its address end in /v1?"
    blamed = [name for name in OPTIONAL_FIELDS if name in names and re.search(rf"\b{name}\b", message)]
    if endpoint.fields.max_tokens_field in blamed:
        other = "max_tokens" if endpoint.fields.max_tokens_field != "max_tokens" else "max_completion_tokens"
        return f"add ?max_tokens_field={other}"
    if blamed:
        return f"add ?omit={','.join(blamed)}"
    return "add ?omit=FIELD for a field that it does not take, for example ?omit=temperature"
