"""Batches: what is asked together, in which order, and what happens when a batch fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from audit.core.ahead import made_ahead
from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.query import Query
from audit.core.redact import redact

# What a query of its own can raise in a processor, a template or a forward pass. RuntimeError includes
# torch.OutOfMemoryError. Anything else is a fault of ours and must be seen.
FAULTS = (InputError, ValueError, TypeError, KeyError, IndexError, OSError, RuntimeError)

Ask = Callable[[Sequence[Query]], list[Answer]]


def batches(queries: Sequence[Query], size: int) -> Iterator[list[int]]:
    """Indices of queries that can be asked together: alike in how they are asked, in their decoding and number of
    images; longest first, so that memory runs out at once or never."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, query in enumerate(queries):
        decoding = query.decoding if query.how == "generate" else None
        groups.setdefault((query.how, decoding, len(query.images)), []).append(index)
    for group in groups.values():
        ordered = sorted(group, key=lambda index: -sum(len(turn.text) for turn in queries[index].messages))
        yield from (ordered[start : start + size] for start in range(0, len(ordered), size))


def in_batches(
    ask: Ask, queries: Sequence[Query], size: int, freed: Callable[[], None]
) -> Iterator[tuple[int, Answer]]:
    """All queries asked in batches (see `ask_safely`), as (index, answer); while one batch is computed, images of the
    next are made."""
    planned = list(batches(queries, size))
    with made_ahead(queries, (index for batch in planned for index in batch)) as ready:
        for batch in planned:
            found = ask_safely(ask, [ready[index] for index in batch], freed)
            yield from zip(batch, found, strict=True)


def ask_safely(ask: Ask, queries: Sequence[Query], freed: Callable[[], None]) -> list[Answer]:
    """One answer per query. A batch that fails is halved, so that one bad query (or too little memory) costs the others
    nothing; what fails alone becomes `Answer.failed`. After memory ran out, `freed` is called before the next try."""
    try:
        return ask(queries)
    except FAULTS as error:
        kind = type(error).__name__
        why = f"{kind}: {error}"
    if kind == "OutOfMemoryError":
        freed()
    if len(queries) == 1:
        return [Answer.failed(redact(" ".join(why.split()))[:500])]
    middle = len(queries) // 2
    return [*ask_safely(ask, queries[:middle], freed), *ask_safely(ask, queries[middle:], freed)]
