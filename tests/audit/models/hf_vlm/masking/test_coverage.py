"""The coverage check, and what a model says of itself before any weight is loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.image import Image
from audit.core.model import MasksTokens
from audit.core.query import Intervention
from audit.models.hf import HfModel
from audit.models.hf_vlm.masking.view import Axis
from audit.models.table import open_model

KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
Models = Callable[[str], HfModel]


def noise(width: int, height: int) -> Image:
    return Image.of(np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(size=st.tuples(st.integers(30, 300), st.integers(30, 300)), seed=st.integers(0, 9))
def test_boxes_are_covered_and_random_tokens_leave_them_open(
    kind: str, size: tuple[int, int], seed: int, model: Models, kit: ModuleType
) -> None:
    """A radius of one cell takes in what resizing smears; random tokens lie elsewhere."""
    found = model(kind)
    x, y = size[0] // 2, size[1] // 2
    for layer in ("patch_embeddings", "block:0", "projector"):
        by_box = Intervention(layer, ((0, x - 7, y - 7, x + 8, y + 9),), "zero", radius=1, seed=seed)
        asked = kit.query(noise(*size), intervention=by_box)
        (one,) = found.hidden_tokens(asked)
        assert one.covered > 0.99
        (drawn,) = found.hidden_tokens(replace(asked, intervention=replace(by_box, pick="random")))
        assert drawn.covered < 0.01
        assert len(drawn.hidden) == min(len(one.hidden), one.tokens - len(one.hidden))
        (every,) = found.hidden_tokens(replace(asked, intervention=replace(by_box, pick="all")))
        assert every.covered == 1
        assert len(one.cells) == len(one.hidden)
        # a cell of the first view is where the box is
        assert all(cell[0] < cell[2] and cell[1] < cell[3] for cell in one.cells)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sharp_box_is_covered_to_the_last_bit_without_a_radius(kind: str, model: Models, kit: ModuleType) -> None:
    size = kit.SHARP[kind][0]
    asked = kit.query(noise(*size), intervention=Intervention("encoder", ((0, 3, 4, 12, 11),), "zero"))
    (one,) = model(kind).hidden_tokens(asked)
    # all of a tiled picture in one tile is resized
    assert one.covered == 1 or (kind in ("idefics3", "smolvlm") and one.covered > 0.97)


def test_a_wrong_geometry_shows(model: Models, kit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A centre crop that is forgotten puts the mask beside the box."""
    asked = kit.query(noise(75, 28), intervention=Intervention("projector", ((0, 30, 3, 36, 12),), "zero"))
    (right,) = model("llava").hidden_tokens(asked)
    monkeypatch.setattr(Axis, "centred", lambda self, length: replace(self, length=length))
    (wrong,) = model("llava").hidden_tokens(asked)
    assert right.covered == 1
    assert wrong.covered == 0


def test_what_is_cut_off_needs_no_token(model: Models, kit: ModuleType) -> None:
    asked = kit.query(noise(75, 28), intervention=Intervention("projector", ((0, 0, 0, 20, 28),), "zero"))
    (one,) = model("llava").hidden_tokens(asked)
    assert one.hidden == ()
    assert one.covered == 1


def test_images_that_are_scaled_down_first_keep_their_boxes(tiny_checkpoint: Any, kit: ModuleType) -> None:
    found = open_model(f"hf:{tiny_checkpoint('llava_full')}?max_pixels=6000")
    assert isinstance(found, HfModel)
    box = (0, 300, 200, 330, 240)
    asked = kit.query(noise(400, 300), intervention=Intervention("projector", (box,), "zero"), how="choose")
    (one,) = found.hidden_tokens(asked)
    assert one.covered > 0.9
    assert all(cell[0] < 330 and cell[2] > 300 and cell[1] < 240 and cell[3] > 200 for cell in one.cells)
    (answer,) = dict(found.answers([asked])).values()
    assert answer.status == "ok"


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_says_where_before_it_is_loaded(kind: str, tiny_checkpoint: Any, kit: ModuleType) -> None:
    found = open_model(f"hf:{tiny_checkpoint(kind)}")
    assert isinstance(found, HfModel)
    assert "mask_tokens" in found.capabilities
    assert isinstance(found, MasksTokens)
    assert found.no_masking == ""
    named = [layer for layer in found.token_layers if layer not in ("block:first", "block:middle", "block:last")]
    assert named == list(kit.SPOTS[kind])
    found.hidden_tokens(kit.query(noise(40, 40), intervention=Intervention("projector", (), "zero", pick="all")))
    assert found._scorer is None
    with pytest.raises(ValueError, match="masks no tokens"):
        found.hidden_tokens(kit.query(noise(40, 40)))


def test_named_blocks_are_blocks(model: Models, kit: ModuleType) -> None:
    found, image = model("gemma3"), noise(28, 28)
    for name, number in (("first", 0), ("middle", 0), ("last", 1)):
        one, other = (
            kit.tokens(found, "gemma3", kit.query(image, intervention=Intervention(layer, (), "zero", pick="all")))
            for layer in (f"block:{name}", f"block:{number}")
        )
        assert not one[f"block:{number}"].any()
        assert all(kit.changed(one[layer], other[layer]).size == 0 for layer in one)


def test_an_architecture_without_a_geometry_says_so(
    tiny_checkpoint: Any, kit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = open_model(f"hf:{tiny_checkpoint('llava')}")
    assert isinstance(found, HfModel)
    monkeypatch.delitem(__import__("audit.models.hf", fromlist=["DECLARED"]).DECLARED, "llava")
    assert "mask_tokens" not in found.capabilities
    assert found.token_layers == {}
    assert "'llava' is not declared" in found.no_masking
    asked = kit.query(noise(40, 40), intervention=Intervention("projector", (), "zero", pick="all"), how="choose")
    with pytest.raises(ValueError, match="not declared"):
        found.hidden_tokens(asked)
    (answer,) = dict(found.answers([asked])).values()
    assert answer.status == "error"
    assert "not declared" in answer.detail


@pytest.mark.parametrize(
    ("kind", "change", "word"),
    [
        ("gemma3", {"do_pan_and_scan": True}, "pan-and-scan"),
        ("llava", {"do_center_crop": False}, "28 x 28"),
        ("llava", {"do_pad": True}, "padding"),
        ("llava_siglip", {"size": {"height": 60, "width": 60}, "crop_size": {"height": 60, "width": 60}}, "30 x 30"),
        ("idefics3", {"max_image_size": {"longest_edge": 32}}, "tiles of 32"),
        ("qwen2_5_vl_large", {"merge_size": 4}, "patches of the image processor"),
    ],
)
def test_a_processor_that_the_geometry_is_not_for_is_refused(
    kind: str, change: dict[str, Any], word: str, tiny_checkpoint: Any, tmp_path: Path
) -> None:
    folder = tmp_path / kind
    shutil.copytree(tiny_checkpoint(kind), folder)
    inside = next(path for path in _settings(folder) if "image_mean" in path.read_text())
    settings_ = json.loads(inside.read_text())
    settings_.get("image_processor", settings_).update(change)
    inside.write_text(json.dumps(settings_))
    found = open_model(f"hf:{folder}")
    assert isinstance(found, HfModel)
    assert word in found.no_masking
    assert found.token_layers == {}


def test_a_tower_that_loses_a_patch_is_refused(tiny_checkpoint: Any, tmp_path: Path) -> None:
    folder = tmp_path / "siglip"
    shutil.copytree(tiny_checkpoint("llava_siglip"), folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vision_feature_select_strategy": "default"}))
    found = open_model(f"hf:{folder}")
    assert isinstance(found, HfModel)
    assert "drops a patch" in found.no_masking


def _settings(folder: Path) -> list[Path]:
    return [path for path in (folder / "preprocessor_config.json", folder / "processor_config.json") if path.is_file()]
