"""MediConfusion files: the official schema, where images may lie, clusters, what is missing, hostile input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.data.load import LoadOptions, load
from audit.data.mediconfusion_rows import read_pairs


def entry(first: int, second: int, **more: Any) -> dict[str, Any]:
    return {
        "im_1": f"train/radiology/images/ROCO_{first}.jpg", "im_2": f"train/radiology/images/ROCO_{second}.jpg",
        "im_1_local": first, "im_2_local": second, "cap_1": "one", "cap_2": "two",
        "category_1": ["Cerebral", "Vascular"],
        "category_2": ["Spinal"], "BiomedCLIP_sim": 0.93, "DINO_sim": 0.6, "question": "What is seen?",
        "option_A": "a mass", "option_B": "a bleed", "im_1_correct": "A", "im_2_correct": "B", **more,
    }  # fmt: skip


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (20, 20), dtype=np.uint8)
    PIL.Image.fromarray(pixels).save(path)


def write(folder: Path, pairs: dict[str, dict[str, Any]], place: str = "images/{}.jpg") -> Path:
    """A folder with dataset.json and all images in `place`."""
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(pairs))
    for pair in pairs.values():
        for side in ("im_1", "im_2"):
            draw(folder / place.format(pair[f"{side}_local"]), pair[f"{side}_local"])
    return folder


CHAIN = {"10001": entry(1, 2), "10002": entry(2, 3), "10003": entry(4, 5)}


@pytest.mark.parametrize(
    "place",
    ["{}.jpg", "images/{}.jpg", "images/{}.png", "roco-dataset/data/train/radiology/images/ROCO_{}.jpg", "ROCO_{}.jpg"],
)
def test_images_are_found_wherever_they_lie(tmp_path: Path, place: str) -> None:
    folder = write(tmp_path / "set", CHAIN, place)
    for named in (folder, folder / "dataset.json"):
        dataset = load(named)
        assert (dataset.kind, len(dataset.records), dataset.n_seen) == ("mediconfusion", 6, 5)
    assert [record.id for record in dataset.records[:2]] == ["10001/im_1", "10001/im_2"]
    assert dataset.records[0].meta["categories"] == ["Cerebral", "Vascular"]
    assert dataset.records[1].meta["correct"] == "B"
    assert dataset.problems == ()


def test_pairs_that_share_an_image_are_one_cluster(tmp_path: Path) -> None:
    clusters = [record.cluster for record in load(write(tmp_path / "set", CHAIN)).records]
    assert clusters[0] == clusters[3]
    assert len(set(clusters)) == 2


def test_copies_of_one_picture_join_clusters(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", CHAIN)
    (folder / "images/4.jpg").write_bytes((folder / "images/1.jpg").read_bytes())
    assert len({record.cluster for record in load(folder).records}) == 1


def test_a_missing_image_is_listed_and_complete_pairs_are_counted(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", CHAIN)
    (folder / "images/3.jpg").unlink()
    dataset = load(folder)
    assert {record.meta["pair"] for record in dataset.records} == {"10001", "10003"}
    (problem,) = dataset.problems
    assert (problem.kind, problem.report_place) == ("note", "image 3")
    assert dataset.rules[0].startswith("2 of 3 pairs are complete")
    assert len(load(folder, LoadOptions(need_images=False)).records) == 6


def test_a_damaged_image_is_unusable_and_twins_make_no_pair(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", CHAIN)
    (folder / "images/3.jpg").write_bytes(b"\xff\xd8\xff no")
    (folder / "images/5.jpg").write_bytes((folder / "images/4.jpg").read_bytes())
    dataset = load(folder)
    assert {record.meta["pair"] for record in dataset.records} == {"10001"}
    assert [problem.kind for problem in dataset.problems] == ["unusable", "unusable"]


def test_without_any_image_the_way_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps(CHAIN))
    with pytest.raises(InputError, match=r"none of 3 pairs is complete .*put the images"):
        load(tmp_path)


def test_a_path_never_leaves_the_folder(tmp_path: Path) -> None:
    draw(tmp_path / "out.jpg", 1)
    folder = write(tmp_path / "set", {"1": entry(1, 2), "2": entry(7, 8)})
    pairs = {"1": entry(1, 2, im_1="../out.jpg", im_1_local=None), "2": entry(7, 8)}
    (folder / "dataset.json").write_text(json.dumps(pairs))
    dataset = load(folder)
    assert [problem.reason for problem in dataset.problems] == ["its path leaves the folder"]
    assert len(dataset.records) == 2


def test_the_official_file_has_60_components(shared_data: Path) -> None:
    dataset = load(shared_data / "benchmarks" / "mediconfusion_dataset.json", LoadOptions(need_images=False))
    clusters: dict[str, int] = {}
    for record in dataset.records:
        clusters[record.cluster] = clusters.get(record.cluster, 0) + 1
    assert len(clusters) == 60
    assert sorted(clusters.values())[-3:] == [36, 40, 50]
    assert (len(dataset.records), dataset.n_seen) == (352, 228)


def test_what_is_written_reads_back_equal(tmp_path: Path) -> None:
    more = {"kind": "easy", "alike_sim": 0.95, "different_sim": 0.5, "alike_encoder": "a", "different_encoder": "b"}
    (tmp_path / "a.json").write_text(json.dumps({"1": entry(1, 2, im_1_cluster="p1", **more)}))
    (row,) = read_pairs(tmp_path / "a.json")
    assert (row.kind, row.clusters, row.encoders) == ("easy", ("p1", ""), ("a", "b"))
    (tmp_path / "b.json").write_text(json.dumps({"1": row.plain()}))
    assert read_pairs(tmp_path / "b.json") == (row,)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"question": ""}, "'question'"),
        ({"option_A": None}, "'option_A'"),
        ({"option_B": "A MASS"}, "both options"),
        ({"im_2_correct": "A"}, "same for both"),
        ({"im_1_correct": "C"}, "'im_1_correct'"),
        ({"im_1_local": "../1"}, "'im_1_local'"),
        ({"category_1": "Cerebral"}, "'category_1'"),
        ({"BiomedCLIP_sim": 7}, "cosine"),
        ({"kind": "hard"}, "kind"),
    ],
)
def test_a_pair_that_is_none_is_an_error_with_its_id(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"10001": entry(1, 2), "10002": entry(1, 2, **change)}))
    with pytest.raises(InputError, match=says) as caught:
        load(path)
    assert "10002" in str(caught.value)


@pytest.mark.parametrize("text", ['{"1": {}, "1": {}}', "[]", "{}", '{"1": NaN}', '{"a/b": {}}', "[" * 100_000, ""])
def test_other_json_is_one_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"x\.json"):
        load(path)


@given(st.binary(max_size=200) | st.dictionaries(st.text(), st.text()).map(lambda d: json.dumps(d).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_any_bytes_give_one_input_error(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "pairs.json"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"pairs\.json"):
        read_pairs(path)
