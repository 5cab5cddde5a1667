"""The section about spurious regions: findings in plain words, their kind of evidence, pictures that were checked."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from reports.html import render
from reports.regions import regions
from reports.schema import FlipsPart, RegionClusterPart, RegionsPart


def flips(edit: Any = "removed", n: int = 20, moved: int = 9, control: int = 0, *, shown: bool = True) -> FlipsPart:
    return {
        "edit": edit, "n": n, "flips": moved, "control": control, "low": 0.2, "high": 0.7,
        "p_adjusted": 0.02 if shown else 0.8, "shown": shown, "became": {"nodule <b>": moved},
    }  # fmt: skip


def cluster(**how: Any) -> RegionClusterPart:
    made: Any = {
        "name": "mark-6", "title": "marks in the upper right, about 2% of the image", "nuisance": True,
        "evidence": ["counterfactual"], "n_images": 36, "gap": [0.4, 0.1, 0.7], "gap_p": 0.3,
        "influence": [0.5, None, None], "regions": [{"item": "film-1", "image": "grid0"}],
        "sides": [{"label": "nodule", "inside": {"n": 3, "right": 1.0, "low": 0.3, "high": 1.0},
                   "outside": {"n": 0, "right": None, "low": None, "high": None}}],
        "flips": [flips(), flips("pasted", 24, 15, 1)],
        "pairs": [{"item": "film-2", "edit": "removed", "before": "grid1", "after": "grid2", "said_before": "nodule",
                   "said_after": "no finding", "gold": "nodule"}],
    }  # fmt: skip
    return {**made, **how}


def part(*shown: RegionClusterPart, accuracy: float | None = 0.8) -> RegionsPart:
    return {
        "encoder": "features:skimage", "n_images": 320, "n_regions": 2094, "accuracy": accuracy, "worst": "mark-6",
        "shown": list(shown),
        "quiet": [{"name": "grid-1", "title": "cells in the upper left", "nuisance": False, "n_images": 1}],
    }  # fmt: skip


@pytest.fixture
def digest(make_digest: Any) -> Any:
    made = copy.deepcopy(make_digest())
    made["regions"] = part(cluster())
    return made


def test_the_page_shows_region_pairs_and_figures(digest: Any) -> None:
    page = render(digest)
    assert 'href="#regions"' in page
    assert "Counterfactual evidence: the region moves the answer." in page
    assert 'alt="Image film-1 with a frame round a region of mark-6"' in page
    assert "<b>nodule</b> became <b>no finding</b>. Right is nodule." in page
    assert "9 of 20 (20.0% to 70.0%)" in page
    assert "nodule &lt;b&gt; 9" in page
    assert "100% (30.0% to 100%), n = 3" in page
    assert "no image" in page
    assert "0.40 (0.10 to 0.70), adjusted p 0.30" in page
    assert "cells in the upper left (1 image)" in page


def test_without_pictures_the_words_stay(digest: Any) -> None:
    digest["images"] = {}
    page = render(digest)
    found = regions(digest)
    assert found is not None
    assert found.shown[0].regions == ()
    assert found.shown[0].pairs[0].before is None
    assert "film-2" in page
    assert "Pictures were kept out of this report." in page


def test_only_checked_pictures_are_shown(digest: Any) -> None:
    digest["images"]["grid0"] = "https://example.org/x.png"
    found = regions(digest)
    assert found is not None
    assert found.shown[0].regions == ()


def test_hostile_text_is_shown_and_not_run(digest: Any) -> None:
    evil = "<script>alert(1)</script>\u202e"
    digest["regions"] = part(cluster(title=evil, pairs=[{**cluster()["pairs"][0], "said_after": evil}]))
    page = render(digest)
    assert "<script>alert(1)" not in page
    assert "\u202e" not in page


def test_older_digests_have_none(make_digest: Any) -> None:
    assert regions(make_digest()) is None
    assert 'id="regions"' not in render(make_digest())
