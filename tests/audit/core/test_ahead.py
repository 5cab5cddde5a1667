"""Pixels made ahead: the same pixels, errors and hashes; never more of them than there is room for."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core import ahead
from audit.core.ahead import Ahead, hash_images, made_ahead, read_unhashed
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.query import Option, Query, ask

if TYPE_CHECKING:
    from audit.core.image import Pixels


class Counted:
    """Images that count how often each is read, and how many reads are done and not yet handed out."""

    def __init__(self, n: int) -> None:
        self.reads = [0] * n
        self.lock = threading.Lock()
        self.images = [Image(partial(self.read, place), f"image {place}") for place in range(n)]

    def read(self, place: int) -> Pixels:
        with self.lock:
            self.reads[place] += 1
        if place == 13:
            raise InputError("the picture ends early")
        return np.full((2, 3), place, np.uint8)


def queries_of(images: list[Image]) -> list[Query]:
    return [Query(ask("before", image, f"question {i}"), (Option("A", "yes"),)) for i, image in enumerate(images)]


def test_the_queries_are_the_same_and_each_image_is_made_once() -> None:
    counted = Counted(12)
    queries = queries_of(counted.images)
    assert len({image.sha256 for image in counted.images}) == 12
    with made_ahead(queries, range(12)) as ready:
        assert [query.digest for query in ready] == [query.digest for query in queries]
        for place, query in enumerate(ready):
            assert query.images[0].pixels[0, 0] == place
            assert query.images[0].source == f"image {place}"
    assert counted.reads == [2] * 12, "once for the hash and once for the reader"


def test_an_error_comes_where_the_image_is_read_and_nowhere_else() -> None:
    with made_ahead(queries_of(Counted(20).images), range(20)) as ready:
        for place, query in enumerate(ready):
            if place == 13:
                with pytest.raises(InputError, match="ends early"):
                    _ = query.images[0].pixels
            else:
                assert query.images[0].pixels[0, 0] == place


@given(order=st.lists(st.integers(0, 11), max_size=40), room=st.integers(1, 20))
def test_any_order_of_reading_gives_the_same_pixels(order: list[int], room: int) -> None:
    counted = Counted(12)
    with ThreadPoolExecutor(2) as pool:
        window = Ahead(counted.images, pool, room)
        images = [window.image(place) for place in range(12)]
        assert [int(images[place].pixels[0, 0]) for place in order] == order
        window.stop()


def test_no_more_is_made_than_there_is_room_for() -> None:
    counted = Counted(13)
    with ThreadPoolExecutor(4) as pool:
        window = Ahead(counted.images, pool, room=3)
        deadline = time.monotonic() + 10
        while sum(counted.reads) < 3 and time.monotonic() < deadline:
            time.sleep(0.001)
        assert counted.reads == [1, 1, 1] + [0] * 10
        assert window.take(0)[0, 0] == 0
        pool.submit(int).result()
        assert sum(counted.reads[4:]) == 0
        window.stop()


def test_a_reader_that_stops_early_leaves_nothing_running() -> None:
    counted = Counted(12)
    with made_ahead(queries_of(counted.images), range(12)) as ready:
        _ = ready[0].images[0].pixels
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("images-ahead")]


def test_images_in_another_order_than_the_queries() -> None:
    counted = Counted(6)
    with made_ahead(queries_of(counted.images), [5, 3, 1]) as ready:
        assert [int(ready[place].images[0].pixels[0, 0]) for place in (5, 3, 1, 0)] == [5, 3, 1, 0]
    assert counted.reads == [1, 1, 0, 1, 0, 1]


def test_hashes_are_those_that_one_thread_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORKERS", 4)
    rng = np.random.default_rng(0)
    pixels = [rng.integers(0, 255, (40, 30), np.uint8) for _ in range(30)]
    images = [Image.of(one) for one in pixels]
    hash_images([*images, *images])
    assert all(image.is_hashed for image in images)
    assert [image.sha256 for image in images] == [Image.of(one).sha256 for one in pixels]


def test_the_first_unreadable_image_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORKERS", 2)
    with pytest.raises(InputError, match="ends early"):
        hash_images(Counted(20).images)


@pytest.mark.parametrize("workers", [1, 4])
def test_hashing_and_reading_is_one_reading(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(ahead, "WORKERS", workers)
    counted = Counted(9)
    known = counted.images[4].sha256
    held = read_unhashed(counted.images)
    assert counted.reads == [1] * 9
    for place, (image, own) in enumerate(zip(held, counted.images, strict=True)):
        assert own.is_hashed
        assert image.sha256 == own.sha256
        assert (image.pixels == place).all()
    assert held[4] is counted.images[4]
    assert held[4].sha256 == known
    assert counted.reads == [1] * 4 + [2] + [1] * 4
    with pytest.raises(InputError, match="early"):
        read_unhashed(Counted(20).images)
