"""Examples before a question: earlier turns with another patient's image, the question about it, and the right answer.

They come from the part of the patients that prompts are chosen on, so that none of the others is ever shown to a model
as an example, and never from the patient who is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.item import Request
from audit.core.query import Message

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Draw:
    """One draw of examples: one question of each cluster that may give one, in an order drawn by chance."""

    order: tuple[Request, ...]

    def before(self, request: Request, shots: int) -> tuple[Request, ...]:
        """The examples for a request: the first `shots` of other clusters. All requests outside the clusters of the
        draw get the same ones."""
        return tuple(one for one in self.order if one.item.cluster != request.item.cluster)[:shots]


def draw(requests: Sequence[Request], clusters: frozenset[str], rng: np.random.Generator) -> Draw:
    """A draw from the requests of these clusters; pure, whatever the order of the requests."""
    own: dict[str, list[Request]] = {}
    for request in sorted(requests, key=lambda request: request.place):
        if request.item.cluster in clusters:
            own.setdefault(request.item.cluster, []).append(request)
    names = sorted(own)
    return Draw(tuple(own[names[place]][rng.integers(len(own[names[place]]))] for place in rng.permutation(len(names))))


def too_few(clusters: frozenset[str], shots: int) -> str:
    """Why there are no examples, "" where there are enough: those who choose need examples of others, too."""
    if not shots or len(clusters) > shots:
        return ""
    return f"prompts are chosen on {len(clusters)} clusters, and {shots} examples of others need {shots + 1}"


def with_examples(
    messages: tuple[Message, ...], examples: Sequence[tuple[tuple[Message, ...], str]]
) -> tuple[Message, ...]:
    """The messages of a question after those of the examples, each with its right answer as the model's turn. System
    turns stay at the head, those of examples are left out."""
    head = tuple(message for message in messages if message.role == "system")
    rest = tuple(message for message in messages if message.role != "system")
    turns: list[Message] = []
    for asked, answer in examples:
        turns += [message for message in asked if message.role != "system"]
        turns.append(Message("assistant", (answer,)))
    return (*head, *turns, *rest)
