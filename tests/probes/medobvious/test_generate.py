"""Generated grids: balanced, never a panel twice, each patient in one grid, the same in every run."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from probes.medobvious.config import read_options
from probes.medobvious.generate import BaseGrid, generate


def grids(
    kit, seed: int = 0, each: int = 60, patients: bool = False, n_grids: int = 24, **given: object
) -> tuple[BaseGrid, ...]:
    given["n_grids"] = n_grids
    data = kit.labelled(each, patients=patients)
    return generate(data.records, read_options(given), np.random.default_rng(seed)).grids


def test_an_ordinary_plan_has_48_clusters_and_a_few_hundred_questions(kit) -> None:
    made = kit.plan(kit.labelled(120))
    assert len({item.cluster for item in made.items}) == 48
    assert len(made.requests) == 48 * 8 + 24 * 14
    assert not made.skipped


def test_a_perfect_model_can_pass_by_default() -> None:
    """0 false alarms in 48 clusters has an upper bound below the default policy's tenth, at the strictest level."""
    assert 1 - 0.0125 ** (1 / 48) < 0.10 < 1 - 0.0125 ** (1 / 41)


@pytest.mark.parametrize("patients", [False, True])
def test_no_patient_and_no_panel_comes_twice(kit, patients: bool) -> None:
    made = grids(kit, patients=patients)
    sources = Counter(source for grid in made for source in grid.sources)
    assert max(sources.values()) == 1
    for grid in made:
        shown = [(panel.record, panel.fault) for panel in grid.panels]
        assert len(set(shown)) == grid.n**2 - (grid.violation == "duplicate")
        assert len(set(grid.clean)) == grid.n**2
        assert sum(a != b for a, b in zip(grid.panels, grid.clean, strict=True)) == 1
        assert grid.panels[grid.position] != grid.clean[grid.position]
    assert len({grid.cluster for grid in made}) == len(made)


def test_positions_are_balanced_in_each_size(kit) -> None:
    made = grids(kit, each=200, n_grids=60)
    for n in (2, 3):
        counts = Counter(grid.position for grid in made if grid.n == n)
        full = [counts[place] for place in range(n * n)]
        assert sum(full) == 30
        assert max(full) - min(full) <= 1


def test_tiers_and_violations_take_turns(kit) -> None:
    made = grids(kit, each=200, n_grids=60)
    tiers = Counter(grid.tier for grid in made)
    assert set(tiers) == {"modality", "anatomy", "view", "finding", "integrity"}
    assert max(tiers.values()) - min(tiers.values()) <= 2
    faults = Counter(grid.violation for grid in made if grid.tier == "integrity")
    assert max(faults.values()) - min(faults.values()) <= 1 or len(faults) == 7


def test_the_same_seed_gives_the_same_grids_and_another_seed_others(kit) -> None:
    assert grids(kit, seed=3) == grids(kit, seed=3)
    assert grids(kit, seed=3) != grids(kit, seed=4)


def test_patients_in_several_grids_join_their_clusters(kit) -> None:
    made = grids(kit, each=12, patients=True, n_grids=12, sizes="2", grids_per_patient=3)
    uses = Counter(source for grid in made for source in grid.sources if source.startswith("c:"))
    assert 1 < max(uses.values()) <= 3
    assert len({grid.id for grid in made}) == len(made)
    assert len({grid.cluster for grid in made}) < len(made)
    for one in made:
        for other in made:
            if set(one.sources) & set(other.sources):
                assert one.cluster == other.cluster


def test_what_the_labels_do_not_allow_is_skipped_with_the_reason(kit) -> None:
    data = kit.labelled(30, labels=(("X-ray", "chest", "PA", ""), ("X-ray", "chest", "AP", "")))
    made = kit.plan(data, n_grids=6)
    said = " ".join(made.skipped)
    for tier in ("modality", "anatomy", "view", "finding"):
        assert f"{tier}: needs" in said
    assert "view: needs 2 views with at least 4 images (and 1) each in one modality and anatomy" in made.skipped
    assert {item.tags["tier"] for item in made.items} == {"integrity"}


def test_too_few_images_are_said(kit) -> None:
    made = kit.plan(kit.labelled(4))
    grids = {item.cluster for item in made.items}
    assert 0 < len(grids) < 48
    assert f"{48 - len(grids)} of 48 grids" in made.skipped[-1]
    assert kit.plan(kit.labelled(0)).requests == ()


@pytest.mark.parametrize("n", [4, 5])
def test_larger_grids(kit, n: int) -> None:
    made = grids(kit, each=80, n_grids=3, sizes=str(n))
    assert {len(grid.panels) for grid in made} == {n * n}


def test_outliers_differ_in_what_their_tier_says_and_in_nothing_else(kit) -> None:
    data = kit.labelled(60)
    labels = {record.id: record.labels for record in data.records}
    for grid in generate(data.records, read_options({}), np.random.default_rng(1)).grids:
        hosts = [labels[panel.record] for panel in grid.clean]
        assert all(host == hosts[0] for host in hosts)
        outlier = labels[grid.panels[grid.position].record]
        differing = {name for name in outlier if outlier[name] != hosts[0][name]}
        if grid.tier == "integrity":
            assert not differing
        elif grid.tier == "modality":
            assert "modality" in differing
        elif grid.tier == "anatomy":
            assert "anatomy" in differing
            assert "modality" not in differing
        else:
            assert {"view": {"view", "finding"}, "finding": {"finding"}}[grid.tier] >= differing
            assert grid.tier in differing
        if grid.tier == "finding":
            assert hosts[0]["finding"] == "no finding"


def test_images_of_an_unknown_region_are_used_where_there_are_no_others(kit) -> None:
    unknown = kit.labelled(8, labels=(("ultrasound", "", "", ""), ("CT", "", "", "")))
    tiers = {item.tags["tier"] for item in kit.plan(unknown, sizes="2").items}
    assert tiers == {"modality", "integrity"}
    known = kit.labelled(8, labels=(("ultrasound", "", "", ""), ("CT", "head", "", "")))
    made = generate(
        known.records, read_options({"sizes": "2", "n_grids": 1, "by": "modality"}), np.random.default_rng(0)
    )
    assert made.grids[0].violation == "ultrasound among CT"


def test_few_images_used_again_and_again_never_make_the_same_grid_twice(kit) -> None:
    made = grids(kit, each=5, n_grids=200, sizes="2", grids_per_patient=1000)
    assert len({grid.id for grid in made}) == len(made) > 20
