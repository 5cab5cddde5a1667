"""Kinds can be told apart, and site and vendor change the look."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from audit.core.dataset import Dataset, Record
from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.look import MARKERS
from audit.data.phantoms.series import render, sketch_of


def _features(record: Record) -> np.ndarray:
    rgb = record.image.rgb().astype(np.float64)
    small = rgb.reshape(16, 4, 16, 4, 3).mean(axis=(1, 3)).ravel()
    return (small - small.mean()) / small.std()


def _told_apart(records: list[Record], label: list[str]) -> float:
    """The share whose nearest neighbour of another patient, in coarse pixels, has the same label."""
    features, names = np.stack([_features(record) for record in records]), np.array(label)
    cluster = np.array([record.cluster for record in records])
    distance = ((features[:, None] - features[None]) ** 2).sum(axis=2)
    distance[cluster[:, None] == cluster[None]] = np.inf
    return float((names[distance.argmin(axis=1)] == names).mean())


def test_modalities_are_told_apart_by_their_nearest_neighbour(series: Dataset) -> None:
    records = list(series.records)
    assert _told_apart(records, [record.labels["modality"] for record in records]) > 0.95


def test_lateral_films_are_told_apart_from_frontal_ones(series: Dataset) -> None:
    films = [record for record in series.records if record.labels["modality"] == "X-ray"]
    assert _told_apart(films, ["lateral" if r.labels["view"] == "lateral" else "frontal" for r in films]) > 0.95


def test_a_vendor_has_its_own_contrast() -> None:
    def spread(vendor: str) -> tuple[float, float]:
        films = [
            render(draw_case(9, 4 * i, Wish(kind="chest radiograph", view="PA", vendor=vendor)), 64) / 255
            for i in range(5)
        ]
        wide = [gaussian_filter(film, 4) for film in films]
        fine = [film - low for film, low in zip(films, wide, strict=True)]
        return float(np.std(wide)), float(np.std(fine))

    (aurora_wide, aurora_fine), (corvid_wide, corvid_fine) = spread("Aurora"), spread("Corvid")
    assert corvid_wide < 0.6 * aurora_wide
    assert corvid_fine > 1.2 * aurora_fine


def test_only_the_marker_differs_between_marker_styles() -> None:
    films = [
        render(draw_case(9, 4, Wish(kind="chest radiograph", view="PA", marker=marker, vendor="Aurora")), 128).astype(
            int
        )
        for marker in MARKERS.values()
    ]
    for film in films[1:]:
        changed = np.argwhere(np.abs(film - films[0]) > 40)
        assert len(changed) > 20
        assert changed[:, 0].max() < 32


def test_sites_have_different_markers() -> None:
    assert len(set(MARKERS.values())) == len(MARKERS)


@pytest.mark.parametrize("view", ["PA", "AP", "lateral"])
@pytest.mark.parametrize("style", ["boxed", "ringed", "plate"])
def test_the_marks_are_where_the_ink_is(style: str, view: str) -> None:
    """Against the same film with a plain letter, ink differs inside the marker's box, and reaches each of its sides."""
    framed, plain = (
        sketch_of(draw_case(9, 4, Wish(kind="chest radiograph", view=view, marker=marker)))
        for marker in (style, "plain")
    )
    pictures = [sketch.draw(256, np.random.default_rng(1)) for sketch in (framed, plain)]
    rows, columns = np.nonzero(np.abs(pictures[0] - pictures[1]) > 0.1)
    box = framed.marks[0].pixels(256)
    sides = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert np.allclose(sides, [float(box[side]) for side in ("x0", "y0", "x1", "y1")], atol=2)
    letter = plain.marks[0]
    assert framed.marks[0].x0 <= letter.x0
    assert letter.y1 <= framed.marks[0].y1
    assert [mark.label for mark in framed.marks[1:]] == (["AP"] if view == "AP" else [])
