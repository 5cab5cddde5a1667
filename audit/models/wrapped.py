"""A user's own object, called safely: what it raises or returns amiss is a failed query, never a crash."""

from __future__ import annotations

import math
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.core.ahead import made_ahead
from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.image import Image
from audit.core.model import Capability
from audit.core.query import Query
from audit.core.redact import redact
from audit.models.letters import MISSING
from audit.models.reasoning import split_reasoning


class Wrapped:
    """A model made of a callable `(text, images) -> str`, or of an object with `generate(messages) -> str` and,
    where it can, `choose(messages, options) -> {label: log-probability}`; `most_images` may say how many images it
    takes at once.

    Images are PIL images in RGB. Messages are `{"role": ..., "content": [{"type": "text", "text": ...}, {"type":
    "image", "image": ...}]}`; `options` maps labels to texts. Without `choose`, text answers stand in.
    """

    def __init__(self, spec: str, fingerprint: Mapping[str, Json], user: Any) -> None:
        self.spec = spec
        self.fingerprint = fingerprint
        self.capabilities: frozenset[Capability] = frozenset({"generate", "choose"})
        most = getattr(user, "most_images", None)
        self.most_images: int | None = most if isinstance(most, int) and most > 0 else None
        self._user = user

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """One query after the other, in order; images of the next ones are made meanwhile."""
        with made_ahead(queries, range(len(queries))) as ready:
            for index, query in enumerate(ready):
                yield index, self._answer(query)

    def close(self) -> None:
        """Call the object's own `close`, if it has one."""
        close = getattr(self._user, "close", None)
        if callable(close):
            close()

    def _answer(self, query: Query) -> Answer:
        if query.how == "likelihood" or query.intervention is not None:
            return Answer.failed("this model gives neither likelihoods nor masked tokens")
        try:
            chooses = query.how == "choose" and callable(getattr(self._user, "choose", None))
            return self._choose(query) if chooses else self._generate(query)
        except Exception as error:  # noqa: BLE001 -- the user's code may raise anything, and one item must not end a run
            return Answer.failed(trouble(error))

    def _choose(self, query: Query) -> Answer:
        labels = {option.label: option.text for option in query.options}
        given = self._user.choose(_messages(query), dict(labels))
        if isinstance(given, Answer):
            return given
        if not isinstance(given, Mapping):
            return Answer.failed(f"choose returned {type(given).__name__}, expected a mapping of labels to numbers")
        logprobs = {label: float(given[label]) for label in labels if label in given}
        wrong = [label for label, value in logprobs.items() if not (math.isfinite(value) and value <= 1e-3)]
        if wrong or not logprobs:
            name = repr(wrong[0]) if wrong else "any option"
            return Answer.failed(f"choose gave no finite log-probability (at most 0) for {name}")
        total = math.log(math.fsum(math.exp(value) for value in logprobs.values()))
        best = max(logprobs, key=logprobs.__getitem__)
        return Answer(text=best, option_logprobs={label: value - total for label, value in logprobs.items()})

    def _generate(self, query: Query) -> Answer:
        generate = getattr(self._user, "generate", None)
        said = generate(_messages(query)) if callable(generate) else self._user(_text(query), _pictures(query.images))
        if isinstance(said, Answer):
            return said
        if not isinstance(said, str):
            return Answer.failed(f"the model returned {type(said).__name__}, expected text")
        split = split_reasoning(said, "think")
        notes = (MISSING,) if query.how == "choose" else ()
        return Answer(split.answer, "ok" if split.closed else "truncated", reasoning=split.reasoning, notes=notes)


def trouble(error: BaseException) -> str:
    """What went wrong in somebody's code, in one line: type, message, and the file and line where it was raised."""
    ours = (str(Path(__file__).parent), "<frozen importlib")
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(ours) and "importlib" not in Path(frame.filename).parts
    ]
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({error.filename}, line {error.lineno})"
        error = SyntaxError(error.msg)
    return redact(" ".join(f"{type(error).__name__}: {error}".split())[:500] + place)


def _text(query: Query) -> str:
    said = [message.text for message in query.messages if message.text]
    return "\n".join([*said, query.prefix] if query.prefix else said)


def _messages(query: Query) -> list[dict[str, Any]]:
    turns = [{"role": message.role, "content": [_part(part) for part in message.parts]} for message in query.messages]
    if query.prefix:
        turns.append({"role": "assistant", "content": [_part(query.prefix)]})
    return turns


def _part(part: str | Image) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return {"type": "image", "image": _pictures((part,))[0]}


def _pictures(images: Sequence[Image]) -> list[Any]:
    import PIL.Image

    return [PIL.Image.fromarray(image.rgb()) for image in images]
