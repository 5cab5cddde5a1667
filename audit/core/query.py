"""A query: everything that is put to a model, and nothing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from audit.core.canonical import Json, digest
from audit.core.image import Image

Role = Literal["system", "user", "assistant"]
Part = str | Image
How = Literal["generate", "choose", "likelihood"]
Pick = Literal["boxes", "all", "random"]
Box = tuple[int, int, int, int, int]

QUERY_SCHEMA = "medaudit.query/1"


@dataclass(frozen=True)
class Message:
    """One turn: its role and its interleaved text and images, in reading order."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The text parts, joined by newlines."""
        return "\n".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True)
class Option:
    """One way to answer: the `label` that the model is to emit ("A", or the text itself) and what it means."""

    label: str
    text: str


@dataclass(frozen=True)
class Decoding:
    """How text is generated. Temperature 0 is greedy; `seed` matters only above it."""

    max_new_tokens: int = 64
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intervention:
    """Tokens hidden inside the model. It says what of the images is hidden; the adapter finds the tokens in its own
    geometry.

    `layer` and `fill` are names that the adapter declares (see `MasksTokens`). `boxes` are (image index, left, top,
    right, bottom) in pixels of the images as given, right and bottom exclusive. A token is hidden whose cell meets a
    box, or lies within `radius` tokens of one that does. `pick` "all" hides every token of every image; "random" hides,
    in each image, as many tokens as the boxes would, drawn by `seed` from all the others (fewer where there are fewer).
    """

    layer: str
    boxes: tuple[Box, ...]
    fill: str
    radius: int = 0
    pick: Pick = "boxes"
    seed: int = 0


@dataclass(frozen=True)
class Query:
    """An ordered tuple of messages, ordered options (may be empty) and how to answer.

    - `generate`: free text under `decoding`; options, where given, are only what the text will be read against.
    - `choose`: log-probabilities of the option *labels* as the next text, normalised over the options.
    - `likelihood`: log-probability of each option's full *text* as the answer, with its token count.

    `prefix` is text put at the start of the model's own turn (so `choose` can score what follows "Answer:").
    `sample` numbers repeated draws of the same query.
    """

    messages: tuple[Message, ...]
    options: tuple[Option, ...] = ()
    how: How = "generate"
    decoding: Decoding = field(default_factory=Decoding)
    prefix: str = ""
    sample: int = 0
    intervention: Intervention | None = None

    @property
    def images(self) -> tuple[Image, ...]:
        """All images, in the order in which they are shown."""
        return tuple(self._images())

    def _images(self) -> Iterator[Image]:
        for message in self.messages:
            yield from (part for part in message.parts if isinstance(part, Image))

    @property
    def text(self) -> str:
        """All text of the last user turn: what a reader of the report is shown as the question."""
        users = [message.text for message in self.messages if message.role == "user"]
        return users[-1] if users else ""

    def plain(self) -> dict[str, Json]:
        """The query as plain data, images by the hash of their pixels: what its digest is taken of."""
        return {
            "schema": QUERY_SCHEMA,
            "messages": [
                {
                    "role": m.role,
                    "parts": [{"image": p.sha256} if isinstance(p, Image) else {"text": p} for p in m.parts],
                }
                for m in self.messages
            ],
            "options": [[option.label, option.text] for option in self.options],
            "how": self.how,
            "decoding": {
                "max_new_tokens": self.decoding.max_new_tokens,
                "temperature": float(self.decoding.temperature),
                "top_p": float(self.decoding.top_p),
                "seed": self.decoding.seed,
                "stop": list(self.decoding.stop),
            },
            "prefix": self.prefix,
            "sample": self.sample,
            "intervention": None
            if self.intervention is None
            else {
                "layer": self.intervention.layer,
                "boxes": [list(box) for box in self.intervention.boxes],
                "fill": self.intervention.fill,
                "radius": self.intervention.radius,
                "pick": self.intervention.pick,
                "seed": self.intervention.seed,
            },
        }

    @cached_property
    def digest(self) -> str:
        """64 hex digits: equal for queries that no model could tell apart."""
        return digest(self.plain())

    def with_messages(self, messages: tuple[Message, ...]) -> Query:
        """The same query with other messages."""
        return replace(self, messages=messages)


def ask(*parts: Part, system: str | None = None) -> tuple[Message, ...]:
    """Messages of the most common query: one user turn, after a system prompt where one is given."""
    turn = Message("user", parts)
    return (turn,) if system is None else (Message("system", (system,)), turn)


def answer_key(query: Query, fingerprint: Json) -> str:
    """The key under which an answer is stored: sha256 over the query and the model's fingerprint.

    The fingerprint is plain data that names whatever else can change an answer: weights, tokenizer,
    processor, template, PEFT, dtype, backend and adapter version; for a server its endpoint, model and
    reported version.
    """
    return digest({"schema": "medaudit.key/1", "query": query.digest, "model": fingerprint})
