"""Answers that changed with the picture alone: what a report shows of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.app.pictures import keys_of
from audit.app.planning import Planned
from audit.app.replies import Replies, spoken
from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.item import CLEAN, Request
from audit.core.observation import Observation
from audit.core.query import Message, Query
from reports.digest import change_entry, reply
from reports.schema import BothReplies, ChangePart, ChangesPart

MOST = 24
Place = tuple[str, str, str]  # role, item, condition


@dataclass(frozen=True)
class Told:
    """What was said, and what it was worth, by (role, item, condition)."""

    answers: Mapping[Place, Answer]
    judged: Mapping[Place, Observation]

    def changed(self, role: str, request: Request) -> bool:
        """Whether another answer was given than to the clean picture: read as another option where there are options,
        else worth something else."""
        before, after = (self.judged[role, request.item.id, name] for name in (CLEAN, request.condition))
        return before.given != after.given if request.query.options else before.outcome != after.outcome

    def has(self, role: str, request: Request) -> bool:
        """Whether both pictures were answered."""
        places = [(role, request.item.id, name) for name in (CLEAN, request.condition)]
        return all(place in self.answers and place in self.judged for place in places) and not any(
            self.judged[place].outcome == "error" for place in places
        )


def changes_of(
    entry: Planned, replies: Iterable[Replies], rows: Iterable[Observation], pictures: dict[str, bytes] | None
) -> ChangesPart | None:
    """The answers of the model that changed where the same question was asked about another picture; None where no
    question was asked so. `pictures` takes the thumbnails, None keeps them out. At most `MOST` are told, each at the
    first step at which it changed, kinds of change in turn."""
    clean = {request.item.id: request for request in entry.requests if request.condition == CLEAN}
    told = _told(entry, replies, rows)
    asked = [request for request in _shifted(entry, clean) if told.has("model", request)]
    if not asked:
        return None
    changed = [request for request in asked if told.changed("model", request)]
    shown = [_part(clean[request.item.id], request, told, pictures) for request in _chosen(changed, told)]
    return {"probe": entry.name, "n_asked": len(asked), "n_changed": len(changed), "shown": shown}


def _told(entry: Planned, replies: Iterable[Replies], rows: Iterable[Observation]) -> Told:
    answers = {
        (str(given.role), request.item.id, request.condition): answer
        for given in replies
        if given.probe == entry.name
        for request, answer in zip(given.requests, given.answers, strict=True)
        if answer is not None and request.query.sample == 0
    }
    strict = (row for row in rows if row.probe == entry.name and row.scoring == "strict" and row.sample == 0)
    return Told(answers, {(str(row.model), row.item, row.condition): row for row in strict})


def _shifted(entry: Planned, clean: Mapping[str, Request]) -> Iterator[Request]:
    """Requests that differ from the clean one in their pictures alone, controls apart."""
    for request in entry.requests:
        if request.condition == CLEAN or request.condition in entry.controls or request.query.sample:
            continue
        first = clean.get(request.item.id)
        if first is not None and _wording(first.query) == _wording(request.query) and _moved(first, request):
            yield request


def _moved(first: Request, other: Request) -> bool:
    return first.query.images != other.query.images


def _wording(query: Query) -> Query:
    """The query with all its pictures alike."""
    return query.with_messages(
        tuple(
            Message(message.role, tuple("<image>" if isinstance(part, Image) else part for part in message.parts))
            for message in query.messages
        )
    )


def _chosen(changed: Sequence[Request], told: Told) -> list[Request]:
    """Of each item and kind of shift the first step; those that the model alone lost come first."""
    first: dict[tuple[str, str], Request] = {}
    for request in changed:
        first.setdefault((request.item.id, _kind(request.condition)), request)
    turns: dict[str, list[Request]] = defaultdict(list)
    for request in sorted(first.values(), key=lambda request: _rank(request, told)):
        turns[_kind(request.condition)].append(request)
    ordered = [(turn, request) for held in turns.values() for turn, request in enumerate(held)]
    return [request for _, request in sorted(ordered, key=lambda pair: pair[0])][:MOST]


def _kind(condition: str) -> str:
    """The condition without its last step: "corruption:jpeg" of "corruption:jpeg:5"."""
    return condition.rpartition(":")[0] or condition


def _rank(request: Request, told: Told) -> tuple[bool, bool, bool]:
    item, condition = request.item.id, request.condition
    before, after = (told.judged["model", item, name].outcome for name in (CLEAN, condition))
    base_kept = told.has("base", request) and not told.changed("base", request)
    return not (before == "correct" and after != "correct"), before != "correct" and after != "correct", not base_kept


def _part(clean: Request, shifted: Request, told: Told, pictures: dict[str, bytes] | None) -> ChangePart:
    images = [request.query.images for request in (clean, shifted)]
    return change_entry(
        item=clean.item.id,
        condition=shifted.condition,
        before=[] if pictures is None else keys_of(images[0], pictures),
        after=[] if pictures is None else keys_of(images[1], pictures),
        question=clean.query.text,
        options=[(option.label, option.text) for option in clean.query.options],
        gold=clean.item.target,
        answers={role: _both(role, shifted, told) for role in ("model", "base") if told.has(role, shifted)},
        tags=clean.item.tags,
    )


def _both(role: str, shifted: Request, told: Told) -> BothReplies:
    before, after = (
        reply(spoken(told.answers[place]), reading=row.given, outcome=row.outcome, status=told.answers[place].status)
        for place in ((role, shifted.item.id, CLEAN), (role, shifted.item.id, shifted.condition))
        for row in (told.judged[place],)
    )
    return {"before": before, "after": after}
