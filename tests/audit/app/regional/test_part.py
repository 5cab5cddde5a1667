from __future__ import annotations

from collections.abc import Callable

import pytest

from audit.app.pipeline import Outcome
from audit.app.planning import Planned
from audit.app.regional.part import GALLERY, PAIRS, regions_part
from audit.core.item import Request
from probes.spurious.flaws import marker_follower, paste_follower
from reports.schema import RegionsPart
from reports.shape import mismatches


def honest(request: Request) -> str:
    return request.item.target


@pytest.fixture(scope="module")
def part_of(conclude: Callable[..., Outcome], planned: tuple[Planned, ...]) -> Callable[..., RegionsPart]:
    def make(answer: Callable[[Request], str], pictures: dict[str, bytes] | None = None) -> RegionsPart:
        outcome = conclude(answer)
        part = regions_part(planned, outcome.observations, outcome.findings, pictures)
        assert part is not None
        assert not list(mismatches(part, RegionsPart))
        return part

    return make


def test_a_marker_follower_is_shown_with_both_kinds_of_evidence(part_of: Callable[..., RegionsPart]) -> None:
    pictures: dict[str, bytes] = {}
    part = part_of(marker_follower, pictures)
    assert part["worst"] == "user-1"
    cluster = part["shown"][0]
    assert (cluster["name"], cluster["nuisance"]) == ("user-1", True)
    assert cluster["evidence"] == ["counterfactual", "association"]
    removed, pasted = cluster["flips"]
    assert (removed["edit"], pasted["edit"]) == ("removed", "pasted")
    assert removed["shown"] and pasted["shown"]  # noqa: PT018
    assert removed["flips"] == removed["n"] == 20
    assert removed["control"] == pasted["control"] == 0
    assert len(cluster["regions"]) == GALLERY
    assert len(cluster["pairs"]) == 2 * PAIRS
    keys = {one["image"] for one in cluster["regions"]} | {p[s] for p in cluster["pairs"] for s in ("before", "after")}  # type: ignore[literal-required]
    assert keys == set(pictures)


def test_pairs_say_what_was_said(part_of: Callable[..., RegionsPart]) -> None:
    for pair in part_of(marker_follower)["shown"][0]["pairs"]:
        assert pair["said_before"] != pair["said_after"]
        assert {pair["said_before"], pair["said_after"], pair["gold"]} <= {"sound", "ill"}
        assert pair["before"] == ""  # pictures were kept out


def test_a_paste_follower_shows_in_pastes_alone(part_of: Callable[..., RegionsPart]) -> None:
    part = part_of(paste_follower)
    cluster = next(one for one in part["shown"] if one["name"] == "user-1")
    assert cluster["evidence"] == ["counterfactual"]
    removed, pasted = cluster["flips"]
    assert removed["flips"] == 0
    assert pasted["flips"] == pasted["n"]
    assert pasted["shown"] and not removed["shown"]  # noqa: PT018


def test_an_honest_model_shows_the_endpoint_and_nothing_else(part_of: Callable[..., RegionsPart]) -> None:
    part = part_of(honest)
    assert [one["evidence"] for one in part["shown"]] == [[]]
    assert part["shown"][0]["name"] == part["worst"]
    assert part["accuracy"] == 1.0
    assert len(part["quiet"]) + 1 == len({one["name"] for one in part["quiet"]}) + 1
    sides = part["shown"][0]["sides"]
    assert {side["label"] for side in sides} == {"sound", "ill"}
    assert all(side["inside"]["right"] == side["outside"]["right"] == 1.0 for side in sides)


def test_other_probes_have_no_such_part(conclude: Callable[..., Outcome]) -> None:
    outcome = conclude(honest)
    assert regions_part((), outcome.observations, outcome.findings, None) is None


def test_changed_images_say_nothing_about_how_sure_a_model_is(
    conclude: Callable[..., Outcome], planned: tuple[Planned, ...]
) -> None:
    (entry,) = planned
    assert "clean" not in entry.changed
    assert {"crop:0", "removed:user-1", "pasted:user-1:random"} <= entry.changed
    (sure,) = conclude(honest).calibrated
    assert {row.condition for row in sure.refusals} == {"clean"}
    assert not sure.sure  # words carry no probabilities
