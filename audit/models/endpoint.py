"""Where an OpenAI-compatible server is, and which of its request fields to use: a spec, taken apart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.models.spec import Spec

SETTINGS = (
    "answer_pattern",
    "attempts",
    "concurrency",
    "detail",
    "images",
    "key_env",
    "max_completion_tokens",
    "max_side",
    "max_tokens_field",
    "omit",
    "reasoning_effort",
    "reasoning_tokens",
    "seed",
    "timeout",
    "top_logprobs",
)
OPTIONAL_FIELDS = (
    "detail",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "reasoning_effort",
    "seed",
    "stop",
    "temperature",
    "top_logprobs",
    "top_p",
)
TOKEN_FIELDS = ("max_tokens", "max_completion_tokens")
OPENAI = "api.openai.com"
EXAMPLE = "openai:NAME@http://localhost:8000/v1"


@dataclass(frozen=True)
class Fields:
    """The request fields as data: what servers differ in.

    `max_tokens_field` names the length limit, `omit` what is left out, `reasoning_tokens` the room that hidden
    reasoning gets on top of the answer's; `max_side` limits the longer side of images in pixels.
    """

    max_tokens_field: str = "max_tokens"
    omit: frozenset[str] = frozenset()
    reasoning_effort: str = ""
    reasoning_tokens: int = 0
    top_logprobs: int = 20
    seed: int | None = None
    detail: str = ""
    max_side: int | None = None

    def plain(self) -> dict[str, Json]:
        """As plain data, for the fingerprint."""
        return {**vars(self), "omit": sorted(self.omit)}


@dataclass(frozen=True)
class Endpoint:
    """A model on a server. `url` is the base (".../v1") without credentials; `login` and `key` are never shown."""

    model: str
    url: str
    host: str
    fields: Fields = field(default_factory=Fields)
    key_env: str = ""
    login: tuple[str, str] | None = field(default=None, repr=False)

    def headers(self) -> dict[str, str]:
        """The authorisation header with the key from the environment, if there is one."""
        key = self._key()
        if key and not (key.isascii() and key.isprintable()):
            raise InputError(f"The key in the environment variable {self.key_env} holds characters no key has")
        return {"Authorization": f"Bearer {key}"} if key else {}

    def hide(self, text: str) -> str:
        """`text` (what a server or a library said) without the key and the password, should it repeat them."""
        for secret in filter(None, (self._key(), self.login and self.login[1])):
            text = text.replace(secret, "[redacted]")
        return text

    def _key(self) -> str:
        return os.environ.get(self.key_env, "").strip() if self.key_env else ""


def read_endpoint(spec: Spec) -> Endpoint:
    """The endpoint that an `openai:` spec names. Raises `InputError` for an address or setting that cannot be.

    A key is sent only where it belongs: OPENAI_API_KEY to OpenAI itself, any other key where `key_env` names it.
    """
    spec.only(*SETTINGS)
    model, at, address = _cut(spec.target)
    parts = urlsplit(address)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not at or not model or not host or parts.fragment:
        raise InputError(f"Expected a model and its server in {spec.text!r}", remedy=f"for example {EXAMPLE}")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    url = urlunsplit((parts.scheme.lower(), netloc, parts.path.rstrip("/").removesuffix("/chat/completions"), "", ""))
    login = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
    return Endpoint(model, url, host, _fields(spec), _key_env(spec, host), login)


def _cut(target: str) -> tuple[str, str, str]:
    """(model, "@", address): model names may hold an "@" of their own, so the last one before a scheme counts."""
    places = [target.lower().rfind(f"@{scheme}://") for scheme in ("http", "https")]
    place = max(places)
    return (target[:place], "@", target[place + 1 :]) if place >= 0 else (target, "", "")


def _key_env(spec: Spec, host: str) -> str:
    named = spec.settings.get("key_env")
    if named is None:
        return "OPENAI_API_KEY" if host == OPENAI else ""
    if not named.isidentifier():
        # a key typed where its variable's name belongs must not be repeated on the screen
        raise InputError("Expected key_env to be the name of an environment variable", remedy="key_env=OPENAI_API_KEY")
    if not os.environ.get(named, "").strip():
        raise InputError(f"The environment variable {named} is not set", remedy=f"export {named}=... and run again")
    return named


def _fields(spec: Spec) -> Fields:
    given: Mapping[str, str] = spec.settings
    name = given.get("max_tokens_field", "max_completion_tokens" if "max_completion_tokens" in given else "max_tokens")
    if name not in TOKEN_FIELDS:
        raise InputError(
            f"Unknown max_tokens_field {name!r} in {spec.text!r}", remedy=f"one of {', '.join(TOKEN_FIELDS)}"
        )
    omit = frozenset(filter(None, (word.strip() for word in given.get("omit", "").split(","))))
    for word in sorted(omit - set(OPTIONAL_FIELDS)):
        raise InputError(
            f"Unknown field {word!r} to omit in {spec.text!r}", remedy=f"known: {', '.join(OPTIONAL_FIELDS)}"
        )
    return Fields(
        max_tokens_field=name,
        omit=omit,
        reasoning_effort=given.get("reasoning_effort", ""),
        reasoning_tokens=spec.number("reasoning_tokens", 0, low=0),
        top_logprobs=spec.number("top_logprobs", 20, low=0, high=20),
        seed=spec.number("seed", 0, low=0, high=2**31 - 1) if "seed" in given else None,
        detail=given.get("detail", ""),
        max_side=spec.number("max_side", 0, low=16, high=20_000) if "max_side" in given else None,
    )
