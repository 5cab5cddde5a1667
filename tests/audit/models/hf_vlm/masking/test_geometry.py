"""The declared geometry, found again from outside: a box is painted, and whatever token changes must be one whose cell
the box meets, at every layer of every architecture.

The towers treat each token alone here (their attention is put out), so what a box changes stays in its tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.query import Intervention
from audit.models.hf import HfModel

KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
TILED = ("idefics3", "smolvlm")
Models = Callable[[str], HfModel]
Box = tuple[int, int, int, int]


@st.composite
def boxes(draw: st.DrawFn, width: int, height: int) -> Box:
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    return left, top, draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height))


def hidden(
    model: HfModel, kit: ModuleType, size: tuple[int, int], layer: str, *found: Box, radius: int = 0
) -> set[int]:
    intervention = Intervention(layer, tuple((0, *box) for box in found), "zero", radius)
    (one,) = model.hidden_tokens(kit.query(kit.painted(size), intervention=intervention))
    return set(one.hidden)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_sharp_box_changes_exactly_the_tokens_whose_cells_it_meets(
    kind: str, separated: Models, kit: ModuleType, data: st.DataObject
) -> None:
    model = separated(kind)
    size = data.draw(st.sampled_from(kit.SHARP[kind]))
    box = data.draw(boxes(*size))
    for layer in kit.SPOTS[kind]:
        before, after = (
            kit.tokens(model, kind, layer, kit.query(image)) for image in (kit.painted(size), kit.painted(size, box))
        )
        moved, named = set(kit.changed(before, after)), hidden(model, kit, size, layer, box)
        # all of it in one tile is a smaller picture, not a sharp one: its tokens come last, and are looked at below
        sharp = len(before) - (len(before) * 28 * 28 // (size[0] * size[1] + 28 * 28) if kind in TILED else 0)
        assert {token for token in moved if token < sharp} == {token for token in named if token < sharp}, layer


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_the_size_and_aspect_what_a_box_changes_is_hidden(
    kind: str, separated: Models, kit: ModuleType, data: st.DataObject
) -> None:
    """Resizing smears the edge of a box over a few pixels: tokens inside a slightly smaller box must have changed, and
    none outside a slightly larger one."""
    model = separated(kind)
    size = width, height = data.draw(st.tuples(st.integers(8, 400), st.integers(8, 400)))
    left, top, right, bottom = box = data.draw(boxes(*size))
    # filters reach 3 pixels of the coarser picture; a picture may be resized three times
    coarse = max(width, height) / 28
    reach = int(np.ceil(6 * max(coarse, 1)))
    larger = (left - reach, top - reach, right + reach, bottom + reach)
    smaller = (left + reach, top + reach, right - reach, bottom - reach)
    for layer in ("patch_embeddings", "encoder", "projector"):
        before, after = (
            kit.tokens(model, kind, layer, kit.query(image)) for image in (kit.painted(size), kit.painted(size, box))
        )
        moved = set(kit.changed(before, after))
        assert moved <= hidden(model, kit, size, layer, larger), layer
        if smaller[0] < smaller[2] and smaller[1] < smaller[3]:
            assert hidden(model, kit, size, layer, smaller) <= moved, layer


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_radius_grows_the_box_by_whole_cells(
    kind: str, separated: Models, kit: ModuleType, data: st.DataObject
) -> None:
    """In the grid of cells, by their middles: a token is hidden within r cells of a hidden one, in the same view."""
    model = separated(kind)
    size = data.draw(st.tuples(st.integers(8, 200), st.integers(8, 200)))
    box, radius = data.draw(boxes(*size)), data.draw(st.integers(0, 3))
    for layer in ("patch_embeddings", "projector"):
        (everything,) = model.hidden_tokens(
            kit.query(kit.painted(size), intervention=Intervention(layer, (), "zero", pick="all"))
        )
        assert everything.hidden == tuple(range(everything.tokens))
        cells = np.array(everything.cells)
        middles, sides = (cells[:, :2] + cells[:, 2:]) / 2, cells[:, 2:] - cells[:, :2]
        near = hidden(model, kit, size, layer, box)
        if not near:
            continue
        wanted = set()
        for one in near:
            alike = np.isclose(sides, sides[one]).all(axis=1)
            apart = np.abs(middles - middles[one]) / sides[one]
            wanted |= set(np.flatnonzero(alike & (apart <= radius + 1e-6).all(axis=1)))
        assert hidden(model, kit, size, layer, box, radius=radius) == wanted
