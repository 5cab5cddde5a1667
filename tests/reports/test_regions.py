"""The section about spurious regions: findings in plain words, their kind of evidence, pictures that were checked."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from reports.html import render
from reports.regions import regions


@pytest.fixture
def digest(make_digest: Any, region: Any) -> Any:
    made = copy.deepcopy(make_digest())
    made["regions"] = region.part(region.cluster())
    return made


def test_the_page_shows_region_pairs_and_figures(digest: Any, region: Any) -> None:
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


def test_without_pictures_the_words_stay(digest: Any, region: Any) -> None:
    digest["images"] = {}
    page = render(digest)
    found = regions(digest)
    assert found is not None
    assert found.shown[0].regions == ()
    assert found.shown[0].pairs[0].before is None
    assert "film-2" in page
    assert "Pictures were kept out of this report." in page


def test_only_checked_pictures_are_shown(digest: Any, region: Any) -> None:
    digest["images"]["grid0"] = "https://example.org/x.png"
    found = regions(digest)
    assert found is not None
    assert found.shown[0].regions == ()


def test_hostile_text_is_shown_and_not_run(digest: Any, region: Any) -> None:
    evil = "<script>alert(1)</script>\u202e"
    pair = {**region.cluster()["pairs"][0], "said_after": evil}
    digest["regions"] = region.part(region.cluster(title=evil, pairs=[pair]))
    page = render(digest)
    assert "<script>alert(1)" not in page
    assert "\u202e" not in page


def test_older_digests_have_none(make_digest: Any, region: Any) -> None:
    assert regions(make_digest()) is None
    assert 'id="regions"' not in render(make_digest())
