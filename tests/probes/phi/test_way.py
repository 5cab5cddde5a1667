"""Ways have names that can be read back, and protections are told from nonsense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.masking.pixels import PIXEL_STRATEGIES
from probes.phi.way import LEAKS, Way, protection, way_of

STRATEGIES = st.sampled_from((*PIXEL_STRATEGIES, "projector/zero", "block:12/mean", "patch_embeddings/attention"))
MASKS = st.builds(
    Way,
    strategy=STRATEGIES,
    radius=st.integers(0, 500),
    hidden=st.sampled_from(("boxes", "all", "random")),
    source=st.sampled_from(("given", "detected")),
    swapped=st.booleans(),
    redacted=st.booleans(),
)
NOTHING = st.builds(Way, swapped=st.booleans(), redacted=st.booleans())


@given(st.one_of(MASKS, NOTHING))
def test_a_condition_names_its_way(way: Way) -> None:
    assert way_of(way.condition) == way
    assert way_of(LEAKS + way.condition) == way


@given(st.lists(st.one_of(MASKS, NOTHING), min_size=2, max_size=6, unique=True))
def test_different_ways_differ_in_condition_and_tags(ways: list[Way]) -> None:
    assert len({way.condition for way in ways}) == len(ways)
    assert len({tuple(sorted(way.tags.items())) for way in ways}) == len(ways)


@pytest.mark.parametrize(
    "condition", ["ask:unrelated", "ask:few_shot", "shuffled", "pixel:black", "token:zero:1", "all"]
)
def test_other_conditions_are_no_ways(condition: str) -> None:
    assert way_of(condition) is None


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("none", Way()),
        ("redacted", Way(redacted=True)),
        ("black", Way("black")),
        ("black:8", Way("black", 8)),
        ("blur:8+redacted", Way("blur", 8, redacted=True)),
        ("projector/zero:1", Way("projector/zero", 1)),
        ("block:12/zero", Way("block:12/zero")),
    ],
)
def test_a_protection_is_read(text: str, way: Way) -> None:
    assert protection(text) == way


@pytest.mark.parametrize(
    "text", ["", "gone", "none:3", "black+hidden", "/zero", "black:x", "redacted+redacted", "a/b/c"]
)
def test_anything_else_is_none(text: str) -> None:
    assert protection(text) is None


def test_the_clean_page_is_the_clean_condition() -> None:
    assert Way().condition == "clean"
    assert Way(swapped=True).unmasked.condition == "swapped"
    assert Way("black", 8, redacted=True).condition == "pixel:black:8+redacted"
