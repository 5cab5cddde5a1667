"""Prompts: a query's messages rendered by a chat template, whatever that template can take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audit.core.image import Image
from audit.core.query import Intervention, Message, Part, Query
from audit.models.reasoning import NAMED, Block, Pattern

_MARK, _SYSTEM_MARK = "zqxuser", "zqxsystem"
Conversation = list[dict[str, Any]]


@dataclass(frozen=True)
class Prompt:
    """The text that a model is given, with a placeholder where each of `images` belongs.

    `block` is the reasoning block that the text leaves open, if any; `notes` go to the answer; `intervention` says what
    of the images is hidden inside the model."""

    text: str
    images: tuple[Image, ...]
    notes: tuple[str, ...] = ()
    block: Block | None = None
    intervention: Intervention | None = None


class Template:
    """A chat template with what it accepts, found out by rendering two short conversations.

    `render` turns a conversation (role and content) into text and raises what the template raises. A template that
    does not take content as a list of parts is given one text with `placeholder` for each image; one that takes no
    system turn is given the system text at the head of the first user turn ("system_in_user" in the notes).
    """

    def __init__(self, render: Callable[[Conversation], str], placeholder: str) -> None:
        self._render = render
        self.placeholder = placeholder
        user = Message("user", (_MARK,))
        self.lists = self._shows(True, (user,), _MARK)
        if not self.lists and not self._shows(False, (user,), _MARK):
            raise ValueError("the chat template shows neither parts nor text of a user turn")
        self.system = self._shows(self.lists, (Message("system", (_SYSTEM_MARK,)), user), _SYSTEM_MARK)
        # Only what the template itself adds counts: a question may speak of reasoning marks too.
        tail = render(self._conversation((user,), self.lists)).rpartition(_MARK)[2]
        self.block = next((block for block in NAMED.values() if block.is_open_in(tail)), None)

    def of(self, query: Query) -> Prompt:
        """The prompt of a query. Raises `ValueError` for texts that hold the placeholder, and where tokens of an image
        are to be masked that this template does not show."""
        prompt = self.prompt(query.messages, query.prefix)
        if query.intervention is not None and list(map(id, prompt.images)) != list(map(id, query.images)):
            raise ValueError("tokens cannot be masked: the chat template does not show every image of the query")
        return replace(prompt, intervention=query.intervention)

    def prompt(self, messages: Sequence[Message], prefix: str = "") -> Prompt:
        """The prompt that asks for the model's turn, begun with `prefix`.

        A last turn of the assistant is begun too, not shown as finished. Raises `ValueError` where a text holds the
        image placeholder, which would be taken for an image.
        """
        turns, notes = list(messages), tuple[str, ...]()
        if turns and turns[-1].role == "assistant":
            prefix = turns.pop().text + prefix
        if not self.system and any(turn.role == "system" for turn in turns):
            turns, notes = _system_in_user(turns), ("system_in_user",)
        images = tuple(part for turn in turns for part in turn.parts if isinstance(part, Image))
        if self.placeholder and any(self.placeholder in turn.text for turn in (*turns, Message("user", (prefix,)))):
            raise ValueError(f"a text of the query holds this model's image placeholder {self.placeholder!r}")
        text = self._render(self._conversation(turns, self.lists))
        block = None if self.block is None or self.block.close in prefix else self.block
        return Prompt(text + prefix, images, notes, block)

    def _shows(self, lists: bool, messages: tuple[Message, ...], mark: str) -> bool:
        from jinja2 import TemplateError

        try:
            text = self._render(self._conversation(messages, lists))
        except (TemplateError, TypeError, ValueError):
            return False
        return mark in text and "'type'" not in text and '"type"' not in text

    def _conversation(self, messages: Sequence[Message], lists: bool) -> Conversation:
        return [{"role": turn.role, "content": self._content(turn.parts, lists)} for turn in messages]

    def _content(self, parts: tuple[Part, ...], lists: bool) -> Any:
        merged = _merge(parts)
        if not lists:
            return "\n".join(self.placeholder if isinstance(part, Image) else part for part in merged)
        return [{"type": "image"} if isinstance(part, Image) else {"type": "text", "text": part} for part in merged]


def _merge(parts: tuple[Part, ...]) -> list[Part]:
    """Adjacent texts joined by newlines, as `Message.text` joins them; never empty."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] = f"{merged[-1]}\n{part}"
        else:
            merged.append(part)
    return merged or [""]


def _system_in_user(turns: list[Message]) -> list[Message]:
    head = "\n".join(turn.text for turn in turns if turn.role == "system")
    rest = [turn for turn in turns if turn.role != "system"]
    first = next((index for index, turn in enumerate(rest) if turn.role == "user"), None)
    if first is None:
        return [Message("user", (head,)), *rest]
    rest[first] = Message("user", (head + "\n", *rest[first].parts))
    return rest


def close_reasoning(prompt: Prompt, pattern: Pattern | None, prefix: str) -> Prompt:
    """The prompt with its reasoning ended, so that what follows is the answer; `prefix` stays at the very end.

    A block that the template opened is closed; where a block is declared but not open, an empty one is put in.
    """
    block = prompt.block or (pattern if isinstance(pattern, Block) else None)
    if block is None or block.close in prefix:
        return prompt
    head = prompt.text.removesuffix(prefix) if prefix else prompt.text
    start = head.rstrip("\n") if prompt.block else head + block.open
    text = f"{start}\n\n{block.close}\n\n{prefix}"
    return replace(prompt, text=text, block=None, notes=(*prompt.notes, "reasoning_closed"))


def content_free(query: Query) -> Query:
    """The query without its images, what was masked of them, and the text of the last user turn: what its options'
    priors are taken of."""
    turns = [
        replace(turn, parts=tuple(part for part in turn.parts if isinstance(part, str))) for turn in query.messages
    ]
    last = max((index for index, turn in enumerate(turns) if turn.role == "user"), default=None)
    if last is not None:
        turns[last] = Message("user", ("",))
    return replace(query, messages=tuple(turns), intervention=None)
