"""Pixels made ahead of whoever reads them: decoding and corrupting in a few threads, a bounded number at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from audit.core.image import Image
from audit.core.query import Message, Query

if TYPE_CHECKING:
    from audit.core.image import Pixels

WORKERS = max(1, min(8, (os.cpu_count() or 1) - 1))  # one core is left to the model
ROOM = 16  # images that are made and not yet read: 100 MB of radiographs of 6 megapixels


def hash_images(images: Iterable[Image]) -> None:
    """Let every image know its hash, several at a time; the pixels of `WORKERS` images are in memory at most. Raises
    what reading the first unreadable one raises."""
    pending = [image for image in {id(image): image for image in images}.values() if not image.is_hashed]
    if len(pending) < 2 or WORKERS < 2:
        return  # each is hashed where its hash is asked for
    with ThreadPoolExecutor(WORKERS, "images-ahead") as pool:
        for _ in pool.map(lambda image: image.sha256, pending):
            pass


def read_unhashed(images: Sequence[Image]) -> list[Image]:
    """The same images, those whose hash is not known with their pixels in memory, so that hashing them and reading them
    is one reading; they know their hash from then on. Several at a time; raises what reading one raises."""
    if len(images) < 2 or WORKERS < 2:
        return [_held(image) for image in images]
    with ThreadPoolExecutor(WORKERS, "images-ahead") as pool:
        return list(pool.map(_held, images))


def _held(image: Image) -> Image:
    if image.is_hashed:
        return image
    held = Image.of(image.pixels, image.source)
    image.sha256 = held.sha256
    return held


@contextmanager
def made_ahead(queries: Sequence[Query], order: Iterable[int]) -> Iterator[list[Query]]:
    """The same queries with images whose pixels are made before they are read.

    `order` holds indices of `queries` as they will be read; another order costs time and changes nothing. What is made
    is handed out once; whoever reads an image again makes it anew. At most `ROOM` images are held.
    """
    listed = list(order)
    images = [image for index in listed for image in queries[index].images]
    with ThreadPoolExecutor(WORKERS, "images-ahead") as pool:
        ahead = Ahead(images, pool)
        place, made = 0, list(queries)
        for index in listed:
            count = len(queries[index].images)
            made[index] = _replaced(queries[index], [ahead.image(place + n) for n in range(count)])
            place += count
        try:
            yield made
        finally:
            ahead.stop()


class Ahead:
    """Images in the order in which they will be read; the next few are being made."""

    def __init__(self, images: Sequence[Image], pool: ThreadPoolExecutor, room: int = ROOM) -> None:
        self._images, self._pool, self._room = images, pool, room
        self._made: dict[int, Future[Pixels]] = {}
        self._next = 0
        self._lock = threading.Lock()
        with self._lock:
            self._fill()

    def image(self, place: int) -> Image:
        """The image at a place, to be read there."""
        return self._images[place].read_by(partial(self.take, place))

    def take(self, place: int) -> Pixels:
        """The pixels at a place; raises what making them raises."""
        with self._lock:
            found = self._made.pop(place, None)
            for passed in [other for other in self._made if other < place]:
                self._made.pop(passed).cancel()
            self._next = max(self._next, place + 1)
            self._fill()
        return self._images[place].pixels if found is None else found.result()

    def stop(self) -> None:
        """Make no more."""
        with self._lock:
            self._next = len(self._images)
            for waiting in self._made.values():
                waiting.cancel()
            self._made.clear()

    def _fill(self) -> None:
        while len(self._made) < self._room and self._next < len(self._images):
            self._made[self._next] = self._pool.submit(_pixels, self._images[self._next])
            self._next += 1


def _pixels(image: Image) -> Pixels:
    return image.pixels


def _replaced(query: Query, images: Sequence[Image]) -> Query:
    """The query with other images in the places of its own."""
    given = iter(images)
    return query.with_messages(
        tuple(
            Message(turn.role, tuple(next(given) if isinstance(part, Image) else part for part in turn.parts))
            for turn in query.messages
        )
    )
