from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audit.core.dataset import Record
from audit.core.image import Image
from probes.spurious.describing import ATTRIBUTES, described, finding_boxes
from probes.spurious.regions.region import Region
from probes.spurious.scene import Found, Scene

IMAGE = Image.of(np.zeros((90, 90), np.uint8))


class Words:
    """Texts and images in one space: the word number w is the unit vector w."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        raise AssertionError

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        eye = np.eye(len(self.words) + 1, dtype=np.float32)
        return np.stack([eye[self.words.index(text) if text in self.words else -1] for text in texts])


def scene(number: int, cluster: int, kind: str, half: str = "estimation", **labels: str) -> Scene:
    record = Record(f"r{number}", IMAGE, f"p{number}", labels, {"boxes": [
        {"label": "nodule", "x0": 1.0, "y0": 1.0, "x1": 20.0, "y1": 20.0},
        {"label": "heart", "x0": 40.0, "y0": 40.0, "x1": 80.0, "y1": 80.0},
    ]})  # fmt: skip
    box = (0, 0, 10, 10) if cluster == 0 else (60, 60, 80, 80)
    return Scene(record, (90, 90), (Region(box, kind),), half, (cluster,), (1.0,))  # type: ignore[arg-type]


def test_names_by_kind_and_rank_those_without_meaning_first() -> None:
    scenes = [scene(i, 1, "grid", site="a") for i in range(5)]
    scenes += [scene(i + 5, 0, "mark", "discovery", site="b") for i in range(3)]
    words = Words(ATTRIBUTES)
    medoids = [words.embed_texts(["a ruler"])[0], words.embed_texts(["bone"])[0]]
    mark, grid = described(scenes, medoids, words, ["nodule"])
    assert (mark.name, mark.nuisance, mark.number) == ("mark-1", True, 0)
    assert (grid.name, grid.nuisance, grid.number) == ("grid-1", False, 1)
    assert mark.images == {"discovery": 3, "estimation": 0}
    assert grid.patients == {"discovery": 0, "estimation": 5}
    assert mark.words[0] == "a ruler"
    assert grid.words[0] == "bone"
    assert "upper left" in mark.told
    assert "site=b" in mark.told
    assert mark.title == f"{mark.told}; looks most like {mark.words[0]} or {mark.words[1]}"


def test_columns_that_name_persons_say_nothing_about_a_cluster() -> None:
    scenes = [scene(i, 0, "mark", patient=f"p{i % 2}", regions="1 2 3 4", serial=f"s{i}") for i in range(40)]
    scenes += [scene(i + 40, 1, "grid", serial=f"s{i + 40}") for i in range(20)]
    mark = described(scenes, [np.ones(2, np.float32)] * 2, _Wordless(), ["nodule"])[0]
    assert "=" not in mark.told
    assert mark.words == ()
    assert mark.title == mark.told


class _Wordless:
    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        raise AssertionError

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ValueError("no text tower")


def test_how_often_regions_meet_what_the_finding_is() -> None:
    near = [scene(i, 0, "mark", finding="nodule") for i in range(2)]
    far = [scene(i + 2, 0, "mark", finding="effusion") for i in range(2)]
    (cluster,) = described([*near, *far], [np.ones(2, np.float32)], _Wordless(), ["nodule"])
    assert cluster.meets == 0.5
    assert list(finding_boxes(near[0].record)) == [(1, 1, 20, 20)]
    assert list(finding_boxes(far[0].record)) == []
    bare = [replace(one, record=replace(one.record, meta={})) for one in near]
    (cluster,) = described(bare, [np.ones(2, np.float32)], _Wordless(), ["nodule"])
    assert cluster.meets is None


def test_data_without_boxes_say_nothing_about_meeting(found: Found) -> None:
    assert {cluster.meets for cluster in found.clusters} == {None}
