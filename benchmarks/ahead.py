"""What making images ahead brings: hashing them, and asking a model that computes elsewhere.

`python benchmarks/ahead.py [side]`; corrupted chest phantoms, enlarged to `side` pixels (default 1,500). The model is a
pause of 0.1 s for each batch of 8, as a graphics card is to the processor: nothing, then an answer.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import PIL.Image

from audit.core import ahead
from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.query import Query, ask
from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from audit.models.torch_batches import ask_safely, batches, in_batches
from probes.shifts.corruptions import corrupted

NAMES, BATCH, PAUSE, FILMS = ("jpeg", "gaussian_noise", "contrast_down", "gaussian_blur"), 8, 0.1, 8


def queries_of(side: int) -> list[Query]:
    """A question about every corruption of a few films, at two severities; nothing is hashed yet."""
    made = []
    for place in range(FILMS):
        small = PIL.Image.fromarray(render(draw_case(1, place, Wish(kind="chest radiograph")), 256))
        film = Image.of(np.asarray(small.resize((side, side), PIL.Image.Resampling.BICUBIC)))
        made += [Query(ask(corrupted(film, name, s, "X-ray"), "?")) for name in NAMES for s in (2, 4)]
    return made


def answer(queries: Sequence[Query]) -> list[Answer]:
    """Read the pixels, wait as for a graphics card."""
    for query in queries:
        np.asarray(PIL.Image.fromarray(query.images[0].rgb()).resize((336, 336)))
    time.sleep(PAUSE)
    return [Answer("A") for _ in queries]


def one_by_one(queries: Sequence[Query]) -> None:
    """As it was: each batch is made, then computed."""
    for batch in batches(queries, BATCH):
        ask_safely(answer, [queries[index] for index in batch], lambda: None)


def hash_alone(queries: Sequence[Query]) -> None:
    """As it was: each hash where it is asked for."""
    for query in queries:
        _ = query.images[0].sha256


def hash_pooled(queries: Sequence[Query]) -> None:
    """As it is: several at a time, where there is more than one worker, before they are asked for."""
    ahead.hash_images(query.images[0] for query in queries)
    hash_alone(queries)


def seconds(work: Callable[[Sequence[Query]], object], side: int) -> float:
    """How long `work` takes on queries that nobody has read yet: the least of three times."""
    times = []
    for _ in range(3):
        queries = queries_of(side)
        start = time.perf_counter()
        work(queries)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print both comparisons."""
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    hash_alone(queries_of(64))  # imports what corruptions need
    n = len(queries_of(64))
    print(f"{os.cpu_count()} cores, {ahead.WORKERS} workers, {n} corrupted images of {side} px")
    alone = seconds(hash_alone, side)
    pooled = seconds(hash_pooled, side)
    print(f"hashing: {alone:.2f} s one by one, {pooled:.2f} s ahead ({alone / pooled:.1f}x)")
    alone = seconds(one_by_one, side)
    pooled = seconds(lambda queries: list(in_batches(answer, queries, BATCH, lambda: None)), side)
    least = PAUSE * n / BATCH
    print(f"asking: {alone:.2f} s one by one, {pooled:.2f} s ahead ({alone / pooled:.1f}x); the pauses {least:.2f} s")


if __name__ == "__main__":
    main()
