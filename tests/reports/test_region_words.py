"""What a report says of region clusters: what is a cause is called one, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from reports.region_words import sentence, summary, warning


def test_what_moves_answers_is_called_a_cause_and_nothing_else(region: Any) -> None:
    told = sentence(region.cluster())
    assert told.startswith("Marks in the upper right: where they are taken out, the answer changes in 9 of 20 images")
    assert "where as much is taken out elsewhere, in 0" in told
    assert "put into images of other classes, the answer changes in 15 of 24 images" in told
    assert told.endswith("They have no clinical meaning: the model relies on them.")
    alone = sentence(region.cluster(evidence=["association"]))
    assert "relies" not in alone
    assert "Whether they are the reason, or such images are harder, is not shown." in alone
    tissue = sentence(region.cluster(nuisance=False, evidence=["counterfactual", "association"]))
    assert "no clinical meaning" not in tissue
    assert "for people to judge" in tissue
    quiet = sentence(region.cluster(evidence=[], flips=[region.flips(shown=False)]))
    assert quiet.endswith("That is no more than chance and the control explain.")


def test_the_summary_counts_by_evidence(region: Any) -> None:
    both = region.part(region.cluster(), region.cluster(name="grid-2", evidence=["association"]))
    assert "1 region cluster moves the model's answers and 1 region cluster hangs together with errors" in summary(both)
    none = summary(region.part(region.cluster(evidence=[])))
    assert "None found" in none
    assert "does not show that it relies on none" in none
    assert "2,094 regions of 320 images fall into 2 region clusters." in none


@pytest.mark.parametrize(("accuracy", "warned"), [(None, False), (0.6, False), (0.31, True)])
def test_a_model_that_is_mostly_wrong_is_told_of(accuracy: float | None, warned: bool, region: Any) -> None:
    assert bool(warning(accuracy)) == warned
