"""What a report says of region clusters: what is a cause is called one, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from reports.region_words import sentence, summary, warning
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


def test_what_moves_answers_is_called_a_cause_and_nothing_else() -> None:
    told = sentence(cluster())
    assert told.startswith("Marks in the upper right: where they are taken out, the answer changes in 9 of 20 images")
    assert "where as much is taken out elsewhere, in 0" in told
    assert "put into images of other classes, the answer changes in 15 of 24 images" in told
    assert told.endswith("They have no clinical meaning: the model relies on them.")
    alone = sentence(cluster(evidence=["association"]))
    assert "relies" not in alone
    assert "Whether they are the reason, or such images are harder, is not shown." in alone
    tissue = sentence(cluster(nuisance=False, evidence=["counterfactual", "association"]))
    assert "no clinical meaning" not in tissue
    assert "for people to judge" in tissue
    quiet = sentence(cluster(evidence=[], flips=[flips(shown=False)]))
    assert quiet.endswith("That is no more than chance and the control explain.")


def test_the_summary_counts_by_evidence() -> None:
    both = part(cluster(), cluster(name="grid-2", evidence=["association"]))
    assert "1 region cluster moves the model's answers and 1 region cluster hangs together with errors" in summary(both)
    none = summary(part(cluster(evidence=[])))
    assert "None found" in none
    assert "does not show that it relies on none" in none
    assert "2,094 regions of 320 images fall into 2 region clusters." in none


@pytest.mark.parametrize(("accuracy", "warned"), [(None, False), (0.6, False), (0.31, True)])
def test_a_model_that_is_mostly_wrong_is_told_of(accuracy: float | None, warned: bool) -> None:
    assert bool(warning(accuracy)) == warned
