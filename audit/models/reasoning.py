"""Reasoning traces: what stood in a model's think block is kept apart from its answer, by a declared pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from audit.core.errors import InputError


@dataclass(frozen=True)
class Block:
    """Reasoning between `open` and `close`; the answer is what remains or, where the tags `answer` occur, what stands
    between them."""

    open: str
    close: str
    answer: tuple[str, str] = ("<answer>", "</answer>")

    def is_open_in(self, text: str) -> bool:
        """Whether `text` (a prompt) ends inside the block."""
        return text.rfind(self.open) > text.rfind(self.close)


NAMED: Mapping[str, Block] = {
    "think": Block("<think>", "</think>"),
    "thinking": Block("<thinking>", "</thinking>"),
    "reasoning": Block("<reasoning>", "</reasoning>"),
    "unused94": Block("<unused94>", "<unused95>"),
}

Pattern = Block | re.Pattern[str]


class Split(NamedTuple):
    """A text taken apart; `closed` is False where the answer never came, because reasoning did not end."""

    reasoning: str
    answer: str
    closed: bool


def reasoning_pattern(text: str) -> Pattern:
    """The pattern that `text` names: one of `NAMED`, or a regular expression with a group `answer` (and perhaps a
    group `reasoning`).

    Raises `InputError` for anything else.
    """
    if text in NAMED:
        return NAMED[text]
    remedy = f"one of {', '.join(NAMED)}, or a regular expression with a group (?P<answer>...)"
    try:
        compiled = re.compile(text, re.DOTALL)
    except re.error as error:
        raise InputError(f"The answer pattern {text!r} is no regular expression: {error}", remedy=remedy) from error
    if "answer" not in compiled.groupindex:
        raise InputError(f"Unknown answer pattern {text!r}", remedy=remedy)
    return compiled


def split_reasoning(text: str, pattern: Pattern | str | None, *, opened: bool = False) -> Split:
    """Separate the reasoning in `text` from the answer.

    `opened` says that the prompt had opened the block already. A closing mark without an opening one ends reasoning
    that the prompt opened. Without a pattern all text is the answer. Of a regular expression the last match counts;
    where it does not match, the answer never came. Raises `InputError` for a pattern that is none.
    """
    if pattern is None:
        return Split("", text, True)
    if isinstance(pattern, str):
        pattern = reasoning_pattern(pattern)
    return _by_block(text, pattern, opened) if isinstance(pattern, Block) else _by_regex(text, pattern)


def _by_regex(text: str, pattern: re.Pattern[str]) -> Split:
    last = max(pattern.finditer(text), key=re.Match.start, default=None)
    if last is None or last["answer"] is None:
        return Split(text.strip(), "", False)
    named = last["reasoning"] if "reasoning" in pattern.groupindex else text[: last.start("answer")]
    return Split((named or "").strip(), last["answer"].strip(), True)


def _by_block(text: str, block: Block, opened: bool) -> Split:
    pieces = list(_pieces(text, block, opened or _closes_first(text, block)))
    reasoning = [piece for inside, piece in pieces if inside]
    spoken = "".join(piece for inside, piece in pieces if not inside)
    if pieces and pieces[-1][0]:
        return Split(_join([*reasoning[:-1], spoken, reasoning[-1]]), "", False)
    start, end = block.answer
    head, tag, tail = spoken.rpartition(start)
    if tag:
        return Split(_join([*reasoning, head]), tail.partition(end)[0].strip(), True)
    return Split(_join(reasoning), spoken.strip() if reasoning else spoken, True)


def _closes_first(text: str, block: Block) -> bool:
    close, start = text.find(block.close), text.find(block.open)
    return close >= 0 and (start < 0 or close < start)


def _pieces(text: str, block: Block, inside: bool) -> Iterator[tuple[bool, str]]:
    """The text cut at the block's marks: (whether inside, piece). Always ends with the state the text ends in."""
    if inside and text.lstrip().startswith(block.open):
        text = text.lstrip().removeprefix(block.open)
    while True:
        piece, mark, text = text.partition(block.close if inside else block.open)
        yield inside, piece
        if not mark:
            return
        inside = not inside


def _join(pieces: list[str]) -> str:
    return "\n".join(piece.strip() for piece in pieces if piece.strip())
