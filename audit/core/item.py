"""Items and requests: what a probe asks, about what, under which condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.core.query import Query

CLEAN = "clean"
REPEAT = "repeat"
"""The condition of clean requests that are asked a second time, to learn how far a model disagrees with itself."""


@dataclass(frozen=True)
class Item:
    """One question with its right answer.

    `id` is unique within a probe. `cluster` names the unit that is resampled: the patient, else the connected
    component of items that share an image, pair, document or study. `target` is an answer that is right, in the
    form in which a model would give it (an option's label, a position, "yes"). `tags` are what results are
    split by. `query` is the clean query.
    """

    id: str
    cluster: str
    query: Query
    target: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """An item put under a condition: `clean`, a control, a corruption, a mask, another wording, a `repeat`.

    `query` is what is really asked under that condition; the pair (item id, condition, query.sample) is unique.
    """

    item: Item
    query: Query
    condition: str = CLEAN

    @property
    def place(self) -> tuple[str, str, int]:
        """(item id, condition, sample): how answers from elsewhere are looked up."""
        return self.item.id, self.condition, self.query.sample
