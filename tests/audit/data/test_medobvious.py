"""The official folder, built as its protocol describes it: rows, shared pictures, panels, clusters, missing files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.data.load import load
from audit.data.medobvious_rows import read_rows, usable_part
from audit.data.options import LoadOptions

Official = Callable[..., Path]
TWO = {"mri_ct_000": (1, [1, 2, 3, 4], [2, 3, 4, 5]), "mri_ct_001": (1, [11, 12, 13, 14], [15, 12, 13, 16])}


def rewrite(root: Path, change: Callable[[list[dict[str, Any]]], object]) -> Path:
    path = root / "benchmark_refined" / "all_tasks.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_record_for_each_row(official: Official) -> None:
    root = official({**TWO, "ct_xray_000": (3, list(range(20, 29)), list(range(30, 39)))})
    for named in (root, root / "benchmark_refined", root / "benchmark_refined" / "all_tasks.jsonl"):
        dataset = load(named)
        assert (dataset.kind, len(dataset.records), dataset.n_seen) == ("medobvious", 24, 24)
    first = dataset.records[0]
    assert first.id == "v1_mri_ct_000_det_mcq"
    assert first.meta["tier"] == 1
    assert first.meta["n"] == 2
    assert first.meta["options"]["E"] == "None"  # type: ignore[index,call-overload]
    assert "explanation" not in first.meta
    assert Counter(record.meta["n"] for record in dataset.records) == {2: 16, 3: 8}
    assert Counter(record.meta["is_negative"] for record in dataset.records) == {False: 15, True: 9}
    assert len({id(record.image) for record in dataset.records}) == 12, "four pictures for each base grid"
    assert dataset.problems == ()


def test_base_grids_that_share_a_panel_are_one_cluster(official: Official) -> None:
    apart = load(official(TWO))
    assert len({record.cluster for record in apart.records}) == 2
    linked = dict(TWO, late_000=(2, [40, 41, 42, 43], [44, 45, 46, 5]), far_000=(2, [50, 51, 52, 53], [54, 55, 56, 57]))
    records = load(official(linked)).records
    clusters = {record.meta["base"]: record.cluster for record in records}
    assert clusters["v1_mri_ct_000"] == clusters["v2_late_000"]
    assert len(set(clusters.values())) == 3


def test_repeated_panels_are_listed(official: Official) -> None:
    dataset = load(official({"mri_ct_000": (1, [1, 2, 3, 4], [7, 8, 7, 9])}))
    (problem,) = dataset.problems
    assert (problem.kind, problem.reason) == ("duplicate", "panels 1 and 3 are pixel-identical")
    assert problem.report_place == "row 6"


def test_missing_and_damaged_pictures_are_unusable(official: Official) -> None:
    root = official(TWO)
    images = root / "benchmark_refined" / "v1" / "images"
    (images / "v1_mri_ct_000_neg_grid.png").unlink()
    boxed = images / "v1_mri_ct_001_vis_pos.png"
    boxed.write_bytes(boxed.read_bytes()[:500])
    dataset = load(root)
    assert len(dataset.records) == 13
    assert dataset.n_unusable == 3
    assert {problem.report_place for problem in dataset.problems} == {"row 6", "row 7", "row 13"}


def test_replay_needs_no_pictures(official: Official) -> None:
    root = official(TWO)
    for picture in root.rglob("*.png"):
        picture.unlink()
    with pytest.raises(InputError, match="none of 16 rows is usable"):
        load(root)
    dataset = load(root, LoadOptions(need_images=False))
    assert len(dataset.records) == 16
    assert len({record.image.sha256 for record in dataset.records}) == 8
    with pytest.raises(InputError, match="is not there"):
        _ = dataset.records[0].image.pixels


def test_a_flat_copy_is_found_by_file_name(official: Official, tmp_path: Path) -> None:
    root = official(TWO)
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in root.rglob("*.*"):
        (flat / file.name).write_bytes(file.read_bytes())
    assert len(load(flat).records) == 16


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/home/a/benchmark_refined/v1/images/x.png", "v1/images/x.png"),
        ("C:\\data\\benchmark_refined\\v1\\images\\x.png", "v1/images/x.png"),
        ("/home/a/images/x.png", "x.png"),
        ("../../etc/passwd", "passwd"),
        ("x.png", "x.png"),
    ],
)
def test_the_usable_part_of_a_path(path: str, part: str) -> None:
    assert usable_part(path) == part


def test_a_path_never_leaves_the_folder(official: Official) -> None:
    root = official(TWO)
    rewrite(root, lambda rows: rows[0].update(image_path="/x/benchmark_refined/../../../../etc/passwd"))
    dataset = load(root)
    (problem,) = (p for p in dataset.problems if p.kind == "unusable")
    assert problem.reason == "its path leaves the folder"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", "", "'id' is missing"),
        ("question", 7, "'question'"),
        ("task_type", "guess", "task_type 'guess' is unknown"),
        ("options", ["A"], "'options'"),
        ("options", {}, "'options'"),
        ("is_negative", "no", "'is_negative'"),
        ("answer_keywords", [1], "'answer_keywords'"),
        ("answer_position", 1, "'answer_position'"),
    ],
)
def test_a_row_that_is_none_is_an_error_with_its_row(official: Official, field: str, value: Any, says: str) -> None:
    root = official(TWO)
    rewrite(root, lambda rows: rows[8].update({field: value}))
    with pytest.raises(InputError, match=says) as caught:
        load(root)
    assert caught.value.row == 9


def test_doubled_ids_and_broken_json_name_their_rows(official: Official) -> None:
    root = official(TWO)
    path = rewrite(root, lambda rows: rows[3].update(id=rows[1]["id"]))
    with pytest.raises(InputError, match=r"row 4: second row .*row 2"):
        load(root)
    path.write_text(path.read_text()[:-40])
    with pytest.raises(InputError, match="row"):
        load(root)
    path.write_text("")
    with pytest.raises(InputError, match="holds no rows"):
        load(root)


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.sampled_from(["id", "image_path"]), st.text()).map(lambda d: json.dumps(d).encode())
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_any_bytes_give_one_input_error(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "all_tasks.jsonl"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"all_tasks\.jsonl"):
        read_rows(path)
