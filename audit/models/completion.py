"""What a server sent back, read as an answer: nothing of it is trusted to have the right shape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from audit.core.answer import Answer, Status
from audit.core.errors import MedauditError
from audit.core.query import Query
from audit.core.redact import redact
from audit.models.letters import option_logprobs
from audit.models.reasoning import Pattern, split_reasoning


class GarbageError(MedauditError):
    """A reply that is no chat completion."""


def read_json(body: bytes) -> Any:
    """The JSON that `body` holds. Raises `GarbageError`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        start = clean(body[:60].decode("utf-8", "replace"))
        raise GarbageError(f"the server's reply is not JSON: it starts {start!r}") from error


def read_completion(data: object, query: Query, pattern: Pattern | None) -> Answer:
    """The answer in a chat completion (its first choice).

    `finish_reason` "length" or unclosed reasoning give `truncated`, "content_filter" or a `refusal` give `refused`.
    Reasoning in a field of its own or in the text is kept apart. For `choose`, log-probabilities of the options are
    read where the server sent them. Raises `GarbageError` where the shape is wrong.
    """
    choice = _first_choice(data)
    message = _mapping(choice.get("message"), "choices[0].message")
    raw, refusal = _text(message.get("content")), _text(message.get("refusal"))
    split = split_reasoning(raw, pattern)
    fields = [_text(message.get(name)) for name in ("reasoning_content", "reasoning")]
    reasoning = "\n".join(filter(None, [next(filter(None, fields), ""), split.reasoning]))
    logprobs, notes = (
        option_logprobs(_tokens(choice), query.options, after=split.answer if split.reasoning else "")
        if query.how == "choose" and split.closed
        else ({}, ())
    )
    status = _status(choice, refusal, closed=split.closed, scored=bool(logprobs))
    usage = _usage(data)
    return Answer(
        text=split.answer or refusal,
        status=status,
        option_logprobs=logprobs if status == "ok" else {},
        reasoning=reasoning,
        notes=notes,
        prompt_tokens=usage.get("prompt_tokens"),
        new_tokens=usage.get("completion_tokens"),
    )


def complaint(body: bytes) -> tuple[str, str]:
    """(message, code) of an error reply, in any of the usual shapes; the message is redacted and one line."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return clean(body[:300].decode("utf-8", "replace")), ""
    data = data.get("error", data) if isinstance(data, Mapping) else data
    if not isinstance(data, Mapping):
        return clean(str(data)), ""
    message = next((data[name] for name in ("message", "detail", "error", "title") if data.get(name)), data)
    return clean(str(message)), str(data.get("code") or data.get("type") or "")


def clean(text: str, limit: int = 300) -> str:
    """Text of a server for a message of ours: redacted, one line, without control characters, not long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in redact(text[:5000])).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _first_choice(data: object) -> Mapping[str, Any]:
    whole = _mapping(data, "the reply")
    if whole.get("error"):
        raise GarbageError(f"the server reports an error: {clean(str(whole['error']))}")
    choices = whole.get("choices")
    if not isinstance(choices, list) or not choices:
        raise GarbageError("the server's reply is no chat completion: it has no choices")
    return _mapping(choices[0], "choices[0]")


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise GarbageError(f"the server's reply is no chat completion: {name} is {type(value).__name__}")
    return value


def _text(value: object) -> str:
    """Text as a string or a list of text parts; half of a surrogate pair, which no database stores, is replaced."""
    if isinstance(value, list):
        value = "".join(_text(part.get("text")) for part in value if isinstance(part, Mapping))
    if value is None:
        return ""
    if not isinstance(value, str):
        raise GarbageError(f"the server's reply is no chat completion: its text is {type(value).__name__}")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tokens(choice: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    content = logprobs.get("content") if isinstance(logprobs := choice.get("logprobs"), Mapping) else None
    return [token for token in content if isinstance(token, Mapping)] if isinstance(content, list) else []


def _status(choice: Mapping[str, Any], refusal: str, *, closed: bool, scored: bool) -> Status:
    reason = choice.get("finish_reason")
    if reason == "content_filter" or refusal:
        return "refused"
    # option log-probabilities are complete with the first token of the answer, wherever the text was cut
    cut = reason in ("length", "max_tokens") and not scored
    return "truncated" if cut or not closed else "ok"


def _usage(data: object) -> dict[str, int]:
    usage = data.get("usage") if isinstance(data, Mapping) else None
    if not isinstance(usage, Mapping):
        return {}
    return {name: n for name, n in usage.items() if isinstance(n, int) and not isinstance(n, bool) and n >= 0}
