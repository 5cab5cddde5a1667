"""The declared geometry, found again from outside: a box is painted, and whatever token changes must be one whose cell
the box meets, at every layer of every architecture.

The towers treat each token alone here (their attention is put out), so what a box changes stays in its tokens.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.query import Intervention
from audit.models.hf import HfModel
from audit.models.hf_vlm.masking.architecture import LANGUAGE
from audit.models.hf_vlm.masking.plan import views_of
from audit.models.hf_vlm.masking.select import Selection, select

KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
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


def unbounded(model: HfModel, size: tuple[int, int], layer: str, box: Box) -> set[int]:
    """The same for a box that reaches over the border of the image: what is smeared may reach into padding."""
    assert not isinstance(model._geometry, str)
    views = views_of(model._geometry, layer, size, size)
    return set(Selection(views, tuple(view.met((box,), 0) for view in views), False).numbers())


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8)
@given(data=st.data())
def test_a_sharp_box_changes_exactly_the_tokens_whose_cells_it_meets(
    kind: str, separated: Models, kit: ModuleType, data: st.DataObject
) -> None:
    model = separated(kind)
    size = data.draw(st.sampled_from(kit.SHARP[kind]))
    box = data.draw(boxes(*size))
    before, after = (kit.tokens(model, kind, kit.query(image)) for image in (kit.painted(size), kit.painted(size, box)))
    for layer in kit.SPOTS[kind]:
        moved, named = set(kit.changed(before[layer], after[layer])), hidden(model, kit, size, layer, box)
        sharp = kit.sharp(kind, size, len(before[layer]))
        assert {token for token in moved if token < sharp} == {token for token in named if token < sharp}, layer


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data())
def test_whatever_the_size_and_aspect_what_a_box_changes_is_hidden(
    kind: str, separated: Models, kit: ModuleType, data: st.DataObject
) -> None:
    """Resizing smears the edge of a box over a few pixels: tokens inside a slightly smaller box must have changed, and
    none outside a slightly larger one."""
    model = separated(kind)
    size = width, height = data.draw(st.tuples(st.integers(8, 400), st.integers(8, 400)))
    left, top, right, bottom = box = data.draw(boxes(*size))
    # filters reach 3 pixels of the coarser picture, and a picture may be resized three times
    reach = math.ceil(6 * max(max(width, height) / 28, 1))
    larger = (left - reach, top - reach, right + reach, bottom + reach)
    smaller = (left + reach, top + reach, right - reach, bottom - reach)
    before, after = (kit.tokens(model, kind, kit.query(image)) for image in (kit.painted(size), kit.painted(size, box)))
    for layer in ("patch_embeddings", "encoder", "projector"):
        moved = set(kit.changed(before[layer], after[layer]))
        assert moved <= unbounded(model, size, layer, larger), layer
        if smaller[0] < smaller[2] and smaller[1] < smaller[3]:
            assert hidden(model, kit, size, layer, smaller) <= moved, layer


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15)
@given(data=st.data())
def test_a_radius_grows_the_box_by_whole_cells(kind: str, model: Models, kit: ModuleType, data: st.DataObject) -> None:
    """By the middles of cells: a token is hidden within r cells of a hidden one, in the same view."""
    found = model(kind)
    size = data.draw(st.tuples(st.integers(8, 200), st.integers(8, 200)))
    box, radius = data.draw(boxes(*size)), data.draw(st.integers(0, 3))
    for layer in ("patch_embeddings", "projector"):
        everything = Intervention(layer, (), "zero", pick="all")
        (every,) = found.hidden_tokens(kit.query(kit.painted(size), intervention=everything))
        assert every.hidden == tuple(range(every.tokens))
        cells = np.array(every.cells)
        middles, sides = (cells[:, :2] + cells[:, 2:]) / 2, cells[:, 2:] - cells[:, :2]
        # views follow each other; cells of one are alike in size, of another not, or they lie where the first began
        views = np.cumsum(np.concatenate([[True], ~np.isclose(sides[1:], sides[:-1]).all(axis=1)]))
        near, grown = (hidden(found, kit, size, layer, box, radius=r) for r in (0, radius))
        wanted = {
            int(token)
            for one in near
            for token in np.flatnonzero(
                (np.abs(middles - middles[one]) / sides[one] <= radius + 1e-6).all(axis=1) & (views == views[one])
            )
        }
        assert near <= grown
        assert wanted <= grown
        assert not near or wanted == grown


@pytest.mark.parametrize("kind", KINDS)
def test_the_language_model_is_given_what_the_geometry_says(kind: str, separated: Models, kit: ModuleType) -> None:
    """The tokens that are hidden from its attention are those that the box changes, in the order of the prompt."""
    found = separated(kind)
    engine = found._loaded().engine
    for size in kit.SHARP[kind]:
        for box in ((0, 0, 3, 3), (size[0] - 2, size[1] // 2, size[0], size[1]), (9, 8, 12, 10)):
            before, after = (
                kit.tokens(found, kind, kit.query(image))["language"]
                for image in (kit.painted(size), kit.painted(size, box))
            )
            extra = engine._architecture.place("projector").extra
            views = views_of(engine._architecture, LANGUAGE, size, size)
            named = set(select(Intervention("projector", ((0, *box),), "zero"), 0, size, views).numbers() + extra)
            moved = set(kit.changed(before, after))
            sharp = kit.sharp(kind, size, len(before))
            assert {token for token in moved if token < sharp} == {token for token in named if token < sharp}
