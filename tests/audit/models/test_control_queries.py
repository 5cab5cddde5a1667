"""The control transformations: properties that must hold for any queries."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.image import Image
from audit.core.query import Intervention, Message, Query, ask
from audit.models.control import blind, grey, neutral, shuffled


def picture(value: int, dtype: type = np.uint8, channels: int = 0) -> Image:
    shape = (3, 4, channels) if channels else (3, 4)
    return Image.of(np.full(shape, value, dtype=dtype))


def query(*values: int, question: str = "Which?") -> Query:
    parts = [part for value in values for part in (f"image {value}", picture(value))]
    return Query(
        ask(*parts, question, system="Be brief."), intervention=Intervention("projector", ((0, 0, 0, 1, 1),), "zero")
    )


pools = st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=8)


def shas(one: Query) -> list[str]:
    return [image.sha256 for image in one.images]


def test_blind_keeps_text_and_order_and_drops_every_image() -> None:
    seen = blind(query(1, 2))
    assert seen.images == ()
    assert seen.text == query(1, 2).text
    assert seen.intervention is None
    assert seen.digest != query(1, 2).digest


def test_blind_keeps_a_turn_that_was_only_an_image() -> None:
    seen = blind(Query((Message("user", (picture(1),)), Message("assistant", ("ok",)))))
    assert [message.role for message in seen.messages] == ["user", "assistant"]
    assert seen.messages[0].parts == ("",)


def test_neutral_keeps_size_depth_and_mode() -> None:
    for image in (picture(3), picture(3, np.uint16), picture(3, channels=3)):
        seen = neutral(Query(ask(image, "What?"))).images[0].pixels
        assert (seen.shape, seen.dtype) == (image.pixels.shape, image.pixels.dtype)
        assert np.unique(seen).tolist() == [128 if seen.dtype == np.uint8 else 32768]


def test_grey_reads_the_image_once() -> None:
    reads = []
    image = grey(Image(lambda: reads.append(1) or np.zeros((2, 2), np.uint8)))
    assert not reads
    assert image.sha256
    assert image.pixels.shape == (2, 2)
    assert len(reads) == 1


@given(pools, st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_shuffled_never_shows_an_own_image_and_keeps_the_words(pool: list[list[int]], seed: int) -> None:
    queries = [query(*values, question=f"q{place}") for place, values in enumerate(pool)]
    out = shuffled(queries, np.random.default_rng(seed))
    assert len(out) == len(queries)
    for before, after in zip(queries, out, strict=True):
        assert len(after.images) == len(before.images)
        assert set(shas(before)).isdisjoint(shas(after)) or not before.images
        assert blind(after).messages == blind(before).messages


@given(pools, st.integers(0, 3), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_shuffled_does_not_depend_on_the_order_of_the_queries(pool: list[list[int]], seed: int, random) -> None:
    queries = [query(*values, question=f"q{place}") for place, values in enumerate(pool)]
    order = list(range(len(queries)))
    random.shuffle(order)
    straight = shuffled(queries, np.random.default_rng(seed))
    mixed = shuffled([queries[place] for place in order], np.random.default_rng(seed))
    assert [shas(straight[place]) for place in order] == [shas(one) for one in mixed]


@given(st.integers(2, 12), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_shuffled_permutes_distinct_images(n: int, seed: int) -> None:
    queries = [query(value) for value in range(n)]
    out = shuffled(queries, np.random.default_rng(seed))
    assert sorted(sha for one in out for sha in shas(one)) == sorted(sha for one in queries for sha in shas(one))


def test_shuffled_alone_in_the_world_sees_grey() -> None:
    (out,) = shuffled([query(7)], np.random.default_rng(0))
    assert np.unique(out.images[0].pixels).tolist() == [128]


def test_seeds_differ() -> None:
    queries = [query(value) for value in range(20)]
    first, second = (shuffled(queries, np.random.default_rng(seed)) for seed in (0, 1))
    assert [shas(one) for one in first] != [shas(one) for one in second]
