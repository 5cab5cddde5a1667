"""Labels as tokens: what a model would have to emit, right after a prompt, to say each option."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Encode = Callable[[str], Sequence[int]]
Ids = tuple[int, ...]


@dataclass(frozen=True)
class Continuations:
    """Token sequences by name, all to be scored after the prompt without its last `drop` tokens.

    `drop` is above 0 where prompt and text merge into one token at their border."""

    drop: int
    sequences: Mapping[str, tuple[Ids, ...]]

    @property
    def single(self) -> bool:
        """Whether every sequence is one token: then one forward pass on the last position scores all."""
        return all(len(ids) == 1 for several in self.sequences.values() for ids in several)

    @property
    def overlapping(self) -> bool:
        """Whether a sequence of one name begins a longer one of another, whose probability it then includes."""
        flat = [(name, ids) for name, several in self.sequences.items() for ids in several]
        return any(a != b and long[: len(short)] == short for a, short in flat for b, long in flat)


def continuations(encode: Encode, prompt: str, texts: Mapping[str, Sequence[str]]) -> Continuations:
    """Tokens of each text after `prompt`, found by encoding both together.

    The common context is the longest beginning that the tokens of the prompt alone share with those of every prompt
    and text together, so that all texts are scored after the same tokens. Raises `ValueError` for an empty text.
    """
    alone = tuple(encode(prompt))
    joined = {
        name: [tuple(encode(prompt + text)) for text in several if _not_empty(text)] for name, several in texts.items()
    }
    common = min((_shared(alone, ids) for several in joined.values() for ids in several), default=len(alone))
    sequences = {name: tuple(dict.fromkeys(ids[common:] for ids in several)) for name, several in joined.items()}
    return Continuations(len(alone) - common, sequences)


def label_continuations(encode: Encode, prompt: str, labels: Sequence[str]) -> Continuations:
    """Tokens of labels as the next text: as they stand and, unless the prompt ends in white space, after a space.

    A variant under which every label is one token is preferred to one under which some label splits, for all labels
    alike; where each variant splits some label, all are scored as sequences.
    """
    spaces = [""] if not prompt or prompt[-1].isspace() else ["", " "]
    whole = [space for space in spaces if continuations(encode, prompt, {x: [space + x] for x in labels}).single]
    return continuations(encode, prompt, {label: [space + label for space in whole or spaces] for label in labels})


def _not_empty(text: str) -> bool:
    if not text.strip():
        raise ValueError("an option is empty")
    return True


def _shared(first: Ids, second: Ids) -> int:
    for index, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return index
    return min(len(first), len(second))
