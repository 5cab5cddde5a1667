"""What is written about an image is what the image shows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from audit.core.dataset import Dataset
from audit.data.phantoms.case import Case, Wish, draw_case
from audit.data.phantoms.kinds import NO_FINDING
from audit.data.phantoms.series import record_of, render, sketch_of
from audit.data.phantoms.sketch import Box

SIZE = 128


def _case(index: int, finding: str, kind: str, **more: str) -> Case:
    return draw_case(21, index, Wish(kind=kind, finding=finding, vendor="Aurora", site="north", **more))


def _plain(case: Case) -> Case:
    return dataclasses.replace(case, finding=NO_FINDING)


def test_boxes_lie_inside_the_image_and_findings_have_one(series: Dataset) -> None:
    for record in series.records:
        boxes = record.meta["boxes"]
        assert isinstance(boxes, list)
        for box in boxes:
            assert 0 <= box["x0"] < box["x1"] <= 64
            assert 0 <= box["y0"] < box["y1"] <= 64
        named = {box["label"] for box in boxes}
        finding = record.labels["finding"]
        assert (finding in named) == (finding != NO_FINDING), record.id
        assert (record.meta["severity"] == 0) == (finding == NO_FINDING)


@pytest.mark.parametrize(
    ("kind", "finding", "view"),
    [
        ("chest radiograph", "nodule", "PA"),
        ("chest radiograph", "nodule", "AP"),
        ("chest radiograph", "nodule", "lateral"),
        ("chest radiograph", "effusion", "PA"),
        ("chest radiograph", "surgical hardware", "PA"),
        ("chest CT", "nodule", "axial"),
        ("head CT", "haemorrhage", "axial"),
        ("abdominal CT", "lesion", "axial"),
        ("abdominal CT", "mass", "axial"),
        ("brain MRI", "lesion", "axial"),
        ("brain MRI", "mass", "axial"),
        ("ultrasound", "lesion", "short axis"),
        ("fundus photograph", "haemorrhage", "macula-centred"),
    ],
)
def test_a_finding_changes_the_image_inside_its_boxes(kind: str, finding: str, view: str) -> None:
    for index in range(6):
        case = _case(4 * index, finding, kind, view=view)
        boxes = [box for box in sketch_of(case).boxes if box.label == finding]
        change = np.abs(render(case, SIZE).astype(int) - render(_plain(case), SIZE).astype(int))
        change = change.max(axis=2) if change.ndim == 3 else change
        inside = np.zeros((SIZE, SIZE), bool)
        for box in boxes:
            pixels = box.pixels(SIZE)
            rows, columns = (slice(int(float(pixels[f"{a}0"])), int(float(pixels[f"{a}1"])) + 1) for a in "yx")
            inside[rows, columns] = True
        assert change[inside].mean() > 3 * max(change[~inside].mean(), 0.5), (kind, finding, index)


@pytest.mark.parametrize("kind", ["chest radiograph", "chest CT", "head CT", "brain MRI"])
def test_the_patients_left_is_at_the_images_right(kind: str) -> None:
    finding = {"head CT": "haemorrhage", "brain MRI": "mass"}.get(kind, "effusion")
    for side in ("left", "right"):
        for index in range(5):
            case = _case(4 * index, finding, kind, side=side, view="PA" if kind == "chest radiograph" else "axial")
            box = next(box for box in sketch_of(case).boxes if box.label == finding)
            assert ((box.x0 + box.x1) / 2 > 0) == (side == "left")
            assert record_of(case, SIZE).labels["laterality"] == side


def test_the_disc_of_a_right_eye_lies_at_the_images_right() -> None:
    for side, sign in (("right", 1), ("left", -1)):
        case = _case(8, NO_FINDING, "fundus photograph", side=side, view="macula-centred")
        disc = next(box for box in sketch_of(case).boxes if box.label == "optic disc")
        assert sign * (disc.x0 + disc.x1) > 0
        green = render(case, SIZE)[:, :, 1].astype(float)
        half = green[:, SIZE // 2 :].max() - green[:, : SIZE // 2].max()
        assert sign * half > 0


def test_cardiomegaly_is_a_large_cardiothoracic_ratio() -> None:
    ratios = {
        finding: [
            sketch_of(_case(4 * i, finding, "chest radiograph", view="PA")).ratios["cardiothoracic_ratio"]
            for i in range(30)
        ]
        for finding in ("no finding", "cardiomegaly")
    }
    assert max(ratios["no finding"]) < 0.5
    assert min(ratios["cardiomegaly"]) > max(ratios["no finding"])


def test_a_nodule_has_the_diameter_that_is_written_down() -> None:
    case = _case(12, "nodule", "chest CT")
    record = record_of(case, SIZE)
    change = render(case, SIZE).astype(int) - render(_plain(case), SIZE).astype(int)
    measured = 2 * np.sqrt((change > 60).sum() / np.pi) * float(str(record.meta["pixel_mm"]))
    sizes = record.meta["measurements_mm"]
    assert isinstance(sizes, dict)
    assert measured == pytest.approx(float(str(sizes["nodule_diameter"])), rel=0.2)


def test_counts_are_the_number_of_boxes(series: Dataset) -> None:
    for record in series.records:
        counts, boxes = record.meta["counts"], record.meta["boxes"]
        assert isinstance(counts, dict)
        assert isinstance(boxes, list)
        if counts.get("lesions"):
            assert counts["lesions"] == sum(box["label"] == record.labels["finding"] for box in boxes)


def test_nuclei_are_countable() -> None:
    from scipy.ndimage import label

    case = _case(16, NO_FINDING, "histology")
    number = sketch_of(case).counts["nuclei"]
    red = render(case, 512)[:, :, 0]
    _, found = label(red < 150)
    assert found == pytest.approx(number, rel=0.25)


def test_a_box_is_cut_at_the_border() -> None:
    assert Box.round("x", (0.9, 0.0), 0.3).pixels(100) == {
        "label": "x",
        "x0": 80.0,
        "y0": 35.0,
        "x1": 100.0,
        "y1": 65.0,
    }
