"""Encoders that the app lends: which one, computed once, kept where the run is kept, closed after planning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.app import encoders as module
from audit.app.config import RunConfig
from audit.app.encoders import FEATURES, Encoders, open_encoder
from audit.app.pipeline import prepare, prepare_queries, run
from audit.app.table import PROBES
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Capability, Encoder, RegionEncoder
from audit.core.probe import Plan, UsesEncoder
from audit.core.reading import Box
from audit.core.registry import Registry
from audit.data.phantoms import write_phantoms
from audit.models.table import open_model
from audit.store.embeddings import NAME, Embeddings
from probes.shifts.probe import Shifts

pytest.importorskip("skimage")  # phantoms of CT need it


class Counting:
    """An encoder that notes what it is asked. Rows are made of the pixels' mean and of what is around them."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset({"embed"})
    spec = "counting"

    def __init__(self, name: str = "counting", host: str = "") -> None:
        self.fingerprint = {"name": name}
        self.images: list[str] = []
        self.closed = 0
        if host:
            self.host = host

    def answers(self, queries: Sequence[Any]) -> Any:
        raise AssertionError("nobody asks an encoder")

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        self.images += [image.sha256 for image in images]
        return np.stack([_row(image.pixels) for image in images])

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ValueError("no texts")

    def close(self) -> None:
        self.closed += 1


class CountingRegions(Counting):
    """The same with regions."""

    def __init__(self, no_regions: str = "") -> None:
        super().__init__("regions")
        self.no_regions = no_regions
        self.boxes: list[tuple[str, Box]] = []

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        pairs = [(image, box) for image, several in zip(images, boxes, strict=True) for box in several]
        self.boxes += [(image.sha256, box) for image, box in pairs]
        return np.stack([_row(image.pixels[box[1] : box[3], box[0] : box[2]]) for image, box in pairs])


def _row(pixels: NDArray[Any]) -> NDArray[np.float32]:
    angle = float(pixels.mean()) / 100
    return np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)


def pictures(count: int) -> list[Image]:
    rng = np.random.default_rng(1)
    return [Image.of(rng.integers(0, 256, (8, 9), dtype=np.uint8)) for _ in range(count)]


def lending(monkeypatch: pytest.MonkeyPatch, model: Counting, embeddings: Embeddings | None = None) -> Encoders:
    monkeypatch.setattr(module, "open_model", lambda spec: model)
    return Encoders(None, embeddings or Embeddings())


def test_an_image_is_embedded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model, images = Counting(), pictures(4)
    lent = lending(monkeypatch, model).lend("any:thing")
    assert isinstance(lent, Encoder)
    assert not isinstance(lent, RegionEncoder)
    rows = lent.embed_images([images[0], images[1], images[0]])
    assert rows == pytest.approx(np.stack([_row(images[place].pixels) for place in (0, 1, 0)]))
    assert len(model.images) == 2
    again = lent.embed_images([images[2], images[0], images[3]])
    assert again[1] == pytest.approx(rows[0])
    assert model.images == [images[place].sha256 for place in (0, 1, 2, 3)]
    with pytest.raises(ValueError, match="nothing"):
        lent.embed_images([])


def test_an_image_is_read_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def image(value: int) -> Image:
        def load() -> NDArray[np.uint8]:
            read.append(value)
            return np.full((4, 5), value, dtype=np.uint8)

        return Image(load)

    count = 2 * module.TOGETHER + 7
    lent = lending(monkeypatch, Counting()).lend("any:thing")
    images = [image(value) for value in range(count)]
    rows = lent.embed_images(images)
    assert sorted(read) == list(range(count))
    assert rows == pytest.approx(np.stack([_row(np.full((4, 5), value)) for value in range(count)]))
    assert (lent.embed_images(images) == rows).all()
    assert len(read) == count


def test_a_region_is_embedded_once_and_its_image_is_another_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    model, (one, other) = CountingRegions(), pictures(2)
    lent = lending(monkeypatch, model).lend("any:thing")
    assert isinstance(lent, RegionEncoder)
    whole, left, right = (0, 0, 9, 8), (0, 0, 4, 8), (4, 0, 9, 8)
    first = lent.embed_regions([one, other], [[left, whole], [right]])
    assert first == pytest.approx(np.stack([_row(one.pixels[:, :4]), _row(one.pixels), _row(other.pixels[:, 4:])]))
    second = lent.embed_regions([other, one], [[left, right], [right, left]])
    parts = (other.pixels[:, :4], other.pixels[:, 4:], one.pixels[:, 4:], one.pixels[:, :4])
    assert second == pytest.approx(np.stack([_row(part) for part in parts]))
    assert len(model.boxes) == len(set(model.boxes)) == 5
    lent.embed_images([one])
    assert len(model.images) == 1
    with pytest.raises(ValueError, match="box"):
        lent.embed_regions([one], [[]])


def test_encoders_do_not_share_what_they_know(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, image = Embeddings(), pictures(1)
    for name in ("one", "other"):
        model = Counting(name)
        lending(monkeypatch, model, embeddings).lend("any:thing").embed_images(image)
        assert len(model.images) == 1


def test_a_model_that_says_it_embeds_no_regions_is_lent_without(monkeypatch: pytest.MonkeyPatch) -> None:
    lent = lending(monkeypatch, CountingRegions("no geometry")).lend("any:thing")
    assert not isinstance(lent, RegionEncoder)


def test_what_suits_the_run(tiny_checkpoint: Callable[[str], Path]) -> None:
    """The audited model where it is contrastive; a generative one embeds too, and is not taken."""
    contrastive = open_model(f"clip:{tiny_checkpoint('clip')}")
    generative = open_model(f"hf:{tiny_checkpoint('llava')}")
    assert "embed" in generative.capabilities
    lent = {
        audited: Encoders(model, Embeddings()).lend("").spec
        for audited, model in (
            ("contrastive", contrastive),
            ("generative", generative),
            ("lookup", open_model("control:oracle")),
            ("nobody", None),
        )
    }
    assert lent.pop("contrastive") == contrastive.spec
    assert set(lent.values()) == {FEATURES}
    assert Encoders(contrastive, Embeddings()).lend("features:skimage").spec == "features:skimage"


def test_what_cannot_embed_is_refused_and_pixels_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="cannot embed images"):
        Encoders(None, Embeddings()).lend("control:random")
    with pytest.raises(InputError, match="cannot embed images"):
        open_encoder("control:oracle", (), user_images=True)
    monkeypatch.setattr(module, "open_model", lambda spec: Counting(host="encoder.example.org"))
    with pytest.raises(InputError, match=r"--allow-host encoder\.example\.org"):
        Encoders(None, Embeddings()).lend("any:thing")
    for allowed, user in ((("encoder.example.org",), True), ((), False)):
        assert Encoders(None, Embeddings(), allowed, user_images=user).lend("any:thing").spec == "counting"


class Embedding(Shifts):
    """A probe that embeds its images when it plans, and asks of each whether it is bright."""

    asked: ClassVar[list[str]] = []
    lent: Any = None

    def with_encoder(self, open_encoder: Callable[[str], Encoder]) -> Embedding:
        made = Embedding()
        made.lent = open_encoder
        return made

    def plan(self, dataset: Dataset, options: Any, rng: np.random.Generator) -> Plan:
        encoder = self.lent("")
        rows = encoder.embed_images([record.image for record in dataset.records])
        self.asked.append(f"{encoder.spec} {rows.shape[0]}")
        return super().plan(dataset, options, rng)


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Counting, RunConfig]:
    """A run over ten phantoms whose probe embeds, and the encoder behind it."""
    model, opened = Counting(), module.open_model
    assert isinstance(Embedding(), UsesEncoder)
    monkeypatch.setattr(module, "open_model", lambda spec: model if spec == FEATURES else opened(spec))
    load = Registry.load
    monkeypatch.setattr(
        Registry, "load", lambda self, name: Embedding() if self is PROBES and name == "shifts" else load(self, name)
    )
    write_phantoms(tmp_path / "images", 10, 3, 64)
    data = ((None, tmp_path / "images" / "manifest.csv"),)
    options = {"shifts": {"corruptions": "gaussian_blur", "severities": "1"}}
    config = RunConfig(
        probes=("shifts",), model="control:random", base=None, data=data, out=tmp_path / "run", options=options
    )
    return model, config


def test_planning_embeds_and_closes_and_a_dry_run_writes_nothing(embedded: tuple[Counting, RunConfig]) -> None:
    model, config = embedded
    (entry,) = prepare(config).planned
    assert entry.status == "planned"
    assert Embedding.asked[-1] == "counting 10"
    assert len(set(model.images)) == 10
    assert model.closed == 1
    assert not config.folder.exists()
    assert prepare_queries(config)
    assert model.closed == 2


def test_a_resumed_run_embeds_nothing_again(embedded: tuple[Counting, RunConfig]) -> None:
    model, config = embedded
    run(config)
    count = len(model.images)
    assert (config.folder / NAME).stat().st_mode & 0o777 == 0o600
    run(config)
    prepare(config)
    assert len(model.images) == count


def test_runs_that_share_a_cache_share_embeddings(embedded: tuple[Counting, RunConfig], tmp_path: Path) -> None:
    from dataclasses import replace

    model, config = embedded
    run(replace(config, cache=tmp_path / "cache"))
    count = len(model.images)
    assert (tmp_path / "cache" / NAME).exists()
    assert not (config.folder / NAME).exists()
    run(replace(config, cache=tmp_path / "cache", out=tmp_path / "second"))
    assert len(model.images) == count
    run(replace(config, out=tmp_path / "third"))
    assert len(model.images) == 2 * count


def test_a_damaged_file_stops_before_anything_is_asked(embedded: tuple[Counting, RunConfig]) -> None:
    _, config = embedded
    run(config)
    (config.folder / NAME).write_bytes(b"x" * 4096)
    with pytest.raises(InputError, match="delete the file"):
        run(config)
    (config.folder / NAME).unlink()
    run(config)
    assert (config.folder / NAME).exists()
