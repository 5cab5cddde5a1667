"""The same questions in other prompt formats: which requests that makes, and their answers as the first prompt's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.app.examples import draw, too_few, with_examples
from audit.app.judging import observe
from audit.app.replies import Replies
from audit.core.item import CLEAN, Request
from audit.core.observation import ModelRole, Observation
from audit.core.probe import Probe, PutsOptions
from audit.core.query import Message, Option, Query
from probes.comparison.grammar import Format, drawn
from probes.comparison.tuning import DEFAULT, Parts, split

if TYPE_CHECKING:
    import numpy as np

PROMPT = "prompt"
_ANGLES = re.compile(r"<([A-Z])>")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Rows = Mapping[ModelRole, Mapping[int, Sequence[Observation]]]


@dataclass(frozen=True)
class Prompted:
    """The formats drawn for a probe, and the requests that put its clean questions in each of them.

    Prompts are numbered: the default, every format, then every format after `shots` examples, drawn anew for each.
    `parts` are the clusters that choose (and give the examples) and those that test; `lacking` says why there are no
    examples though there should be.
    """

    formats: tuple[Format, ...] = ()
    requests: tuple[Request, ...] = ()
    parts: Parts | None = None
    shots: int = 0
    lacking: str = ""

    @property
    def numbers(self) -> range:
        """The numbers of all prompts but the default."""
        return range(DEFAULT + 1, DEFAULT + 1 + len(self.formats) * (2 if self.shots else 1))

    def shots_of(self, number: int) -> int:
        """How many examples stand before a question in this prompt."""
        return self.shots if number > DEFAULT + len(self.formats) else 0

    def format_of(self, number: int) -> Format:
        """The format of a prompt other than the default."""
        return self.formats[(number - DEFAULT - 1) % len(self.formats)]

    def name(self, number: int) -> str:
        """What a prompt is called in tags."""
        if number == DEFAULT:
            return "default"
        place = (number - DEFAULT - 1) % len(self.formats) + 1
        return f"format {place}" + (f", {self.shots} examples" if self.shots_of(number) else "")


def prompted(
    probe: Probe, requests: Sequence[Request], number: int, rng: np.random.Generator, *,
    shots: int = 0, choosing: np.random.Generator | None = None,
) -> Prompted:  # fmt: skip
    """Clean requests with options in `number` formats each, and in each after `shots` examples; nothing where the
    probe's questions cannot be put so.

    Options are lettered (also "yes" and "no"); the target of such a request is the letter. `choosing` parts the
    clusters (by default `rng`, after the formats).
    """
    if not number or not isinstance(probe, PutsOptions):
        return Prompted()
    asked = [(request, question) for request in requests if (question := _question(probe, request)) is not None]
    formats = drawn(number, rng) if asked else ()
    items = tuple({request.item.id: request.item for request, _ in asked}.values())
    parts = split(items, rng if choosing is None else choosing)
    lacking = too_few(parts.validation, shots) if shots and parts is not None else ""
    plan = Prompted(formats, (), parts, 0 if lacking or parts is None else shots, lacking)
    return replace(plan, requests=tuple(_put(plan, asked, rng)))


def _question(probe: PutsOptions, request: Request) -> str | None:
    """The bare question of a request that can be put in a format, None for all others."""
    query = request.query
    if request.condition != CLEAN or query.how != "generate" or not 2 <= len(query.options) <= len(LETTERS):
        return None
    known = any(option.label == request.item.target for option in query.options)
    return probe.bare_question(request) if known else None


def _put(plan: Prompted, asked: Sequence[tuple[Request, str]], rng: np.random.Generator) -> Iterator[Request]:
    for number in plan.numbers:
        form, shots = plan.format_of(number), plan.shots_of(number)
        put = [_in_format(request, question, form, number) for request, question in asked]
        if shots and plan.parts is not None:
            examples = draw(put, plan.parts.validation, rng)
            put = [_after(request, examples.before(request, shots)) for request in put]
        yield from put


def _after(request: Request, examples: Sequence[Request]) -> Request:
    told = [(example.query.messages, example.item.target) for example in examples]
    return replace(request, query=request.query.with_messages(with_examples(request.query.messages, told)))


def condition_of(number: int) -> str:
    """The condition of a format by its number."""
    return f"{PROMPT}:{number}"


def observe_prompted(probe: Probe, replies: Sequence[Replies]) -> tuple[Observation, ...]:
    """The answers in other formats, judged as they were asked. A letter in angle brackets, as some formats list
    options, is one in round brackets: to a reader of answers the first is a tag of markup."""
    made: list[Observation] = []
    for reply in replies:
        if reply.prompted is not None:
            answers = [
                answer and replace(answer, text=_ANGLES.sub(r"(\1)", answer.text)) for answer in reply.prompted.answers
            ]
            made += observe(probe, reply.role, reply.prompted.requests, answers, frozenset())
    return tuple(made)


def by_prompt(
    requests: Sequence[Request], first: Sequence[Observation], rows: Sequence[Observation]
) -> dict[ModelRole, dict[int, list[Observation]]]:
    """Strict observations of each model by prompt (the default, then the formats), all under the condition and with the
    labels of the default. `requests` are those in formats, `rows` what was answered to them; of `first`, the answers to
    the default prompt, only those to the same questions count."""
    asked = {(request.item.id, request.query.sample): _labels(request) for request in requests}
    found: dict[ModelRole, dict[int, list[Observation]]] = {}
    for row in rows:
        if row.scoring == "strict":
            number = int(row.condition.partition(":")[2])
            own = found.setdefault(row.model, {DEFAULT: []}).setdefault(number, [])
            own.append(_relabelled(row, asked[row.item, row.sample]))
    for row in first:
        clean = (row.scoring, row.condition) == ("strict", CLEAN)
        if clean and (row.item, row.sample) in asked and row.model in found:
            found[row.model][DEFAULT].append(row)
    return found


def _labels(request: Request) -> dict[str, str]:
    """The label of each letter in the default prompt."""
    own = request.item.query.options
    return {option.label: first.label for option, first in zip(request.query.options, own, strict=True)}


def _relabelled(row: Observation, labels: Mapping[str, str]) -> Observation:
    given = None if row.given is None else labels.get(row.given, row.given)
    return replace(row, condition=CLEAN, given=given, target=labels[row.target])


def _in_format(request: Request, question: str, form: Format, number: int) -> Request:
    options = tuple(Option(LETTERS[place], option.text) for place, option in enumerate(request.query.options))
    targets = {first.label: option.label for first, option in zip(request.query.options, options, strict=True)}
    item = replace(request.item, query=request.query, target=targets[request.item.target])
    query = replace(
        request.query, options=options, messages=tuple(_with_text(request.query, form.put(question, options)))
    )
    return Request(item, query, condition_of(number))


def _with_text(query: Query, text: str) -> Iterator[Message]:
    """The messages with the text of the last user turn in place of its last text."""
    last = max(place for place, message in enumerate(query.messages) if message.role == "user")
    for place, message in enumerate(query.messages):
        if place != last:
            yield message
            continue
        where = max(n for n, part in enumerate(message.parts) if isinstance(part, str))
        yield replace(message, parts=(*message.parts[:where], text, *message.parts[where + 1 :]))
