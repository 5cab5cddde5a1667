"""The probe as the application sees it: options, plan, prompts, controls."""

from __future__ import annotations

import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.probe import Probe
from probes.medobvious.config import Options
from probes.medobvious.probe import PROBE


def test_it_is_a_probe() -> None:
    probe: Probe = PROBE
    assert probe.name == "medobvious"
    assert {control.name for control in probe.controls} == {"blind", "neutral", "constant"}
    assert all(len(control.why) > 20 for control in probe.controls)


def test_options_have_defaults_and_read_text_and_lists() -> None:
    assert PROBE.options({}) == Options()
    given = PROBE.options({"sizes": "3,2", "by": ["view", "modality"], "n_grids": "40", "panel": 64, "how": "choose"})
    assert given.sizes == (2, 3)
    assert given.by == ("modality", "view")
    assert (given.n_grids, given.panel, given.how) == (40, 64, "choose")
    assert PROBE.options({"sizes": 4}).sizes == (4,)


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("n_grids", "many", "whole number"), ("n_grids", 0, "1 to 100000"), ("n_grids", True, "whole number"),
        ("sizes", "2,6", "2, 3, 4, 5"), ("sizes", "", "2, 3, 4, 5"), ("by", "colour", "modality, anatomy"),
        ("how", "guess", "generate, choose"), ("system", "", "prefer_normal"), ("nonsense", 1, "known: n_grids"),
        ("panel", 10**9, "32 to 2048"), ("prompts", [], "published, uniform"), ("variants", None, "grid, multi_image"),
    ],
)  # fmt: skip
def test_wrong_options_name_the_key_and_what_is_allowed(key: str, value: object, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        PROBE.options({key: value})
    assert f"medobvious.{key}" in str(caught.value)
    assert allowed in str(caught.value)


def test_every_base_grid_has_eight_published_rows_ten_uniform_and_four_of_separate_images(kit) -> None:
    made = kit.plan(kit.labelled(), n_grids=1, sizes="3")
    by = {name: [r for r in made.requests if r.condition == name] for name in ("clean", "uniform", "multi_image")}
    assert [len(rows) for rows in by.values()] == [8, 10, 4]
    assert all(len(r.query.images) == 9 for r in by["multi_image"])
    assert all(len(r.query.images) == 1 for r in (*by["clean"], *by["uniform"]))
    assert len({r.place for r in made.requests}) == 22
    assert all(r.item.target in [o.label for o in r.query.options] for r in made.requests)
    assert {r.query.decoding.max_new_tokens for r in made.requests} == {32, 64, 96}


def test_only_some_grids_are_varied_unless_that_is_all_that_is_asked(kit) -> None:
    data = kit.labelled(120)
    made = kit.plan(data, n_grids=10, n_variant_grids=4)
    asked = {name: {r.item.cluster for r in made.requests if r.condition == name} for name in ("clean", "uniform")}
    assert [len(clusters) for clusters in asked.values()] == [10, 4]
    assert asked["uniform"] < asked["clean"]
    assert (
        len({r.item.cluster for r in kit.plan(data, n_grids=10, prompts="uniform", n_variant_grids=4).requests}) == 10
    )
    assert {r.condition for r in kit.plan(data, n_grids=4, n_variant_grids=0).requests} == {"clean"}


def test_uniform_words_give_nothing_away_and_published_words_do(kit) -> None:
    made = kit.plan(kit.labelled(60))

    def words(condition: str, kind: str, polarity: str, grid: str) -> set[str]:
        fits = {"format": kind, "polarity": polarity, "grid": grid}
        return {
            r.query.text for r in made.requests
            if r.condition == condition and all(r.item.tags[k] == v for k, v in fits.items())
        }  # fmt: skip

    for condition, kinds in (
        ("uniform", ("detection_mcq", "detection_open", "referring_mcq", "referring_open", "visual_referring")),
        ("multi_image", ("detection_mcq", "detection_open")),
    ):
        for kind in kinds:
            assert words(condition, kind, "positive", "2x2") == words(condition, kind, "negative", "2x2") != set()
    assert words("clean", "detection_mcq", "positive", "2x2") != words("clean", "detection_mcq", "negative", "2x2")


def test_separate_images_are_the_panels_of_the_grid_in_reading_order(kit) -> None:
    made = kit.plan(kit.labelled(), n_grids=1, sizes="2", panel=40)
    rows = {(r.item.id, r.condition): r for r in made.requests}
    for (name, condition), request in rows.items():
        if condition != "multi_image":
            continue
        grid = rows[name, "clean"].query.images[0].pixels
        for place, image in enumerate(request.query.images):
            row, column = divmod(place, 2)
            assert (grid[40 * row : 40 * row + 40, 40 * column : 40 * column + 40] == image.pixels).all()
        parts = request.query.messages[-1].parts
        assert parts[0] == "Image 1 (top-left):"
        assert isinstance(parts[1], Image)


def test_the_system_prompt_and_the_way_of_answering_are_recorded(kit) -> None:
    made = kit.plan(kit.labelled(), n_grids=1, sizes="2", system="prefer_normal", how="choose")
    assert all(r.query.messages[0].role == "system" for r in made.requests)
    for request in made.requests:
        assert request.query.how == ("choose" if request.item.tags["format"].endswith("_mcq") else "generate")
    assert any("prefer_normal" in note and "choose" in note for note in made.notes)


def test_planning_reads_no_picture(kit) -> None:
    data = kit.labelled(200)

    def refuse() -> None:
        raise AssertionError("a picture was read")

    for record in data.records:
        record.image._load = refuse  # type: ignore[assignment]
    assert len(kit.plan(data, n_grids=100).requests) > 1000


def test_equal_plans_ask_equal_questions(kit) -> None:
    one, other = (kit.plan(kit.labelled(), n_grids=3, seed=5) for _ in range(2))
    assert [r.query.digest for r in one.requests] == [r.query.digest for r in other.requests]


def test_the_constant_control_is_the_best_unvarying_answer(kit, official_requests) -> None:
    answers = PROBE.constant_answers(official_requests)
    said = dict(zip([r.item.id for r in official_requests], answers, strict=True))
    observed = kit.observe(official_requests, lambda r: said[r.item.id])
    for kind, share in (("detection_mcq", 0.5), ("detection_open", 0.5), ("visual_referring", 0.5)):
        assert kit.value_of(observed, "accuracy", format=kind) == pytest.approx(share)
    # 190 two by two grids, the best place holds 14+15+10+9 of them; 45 three by three grids, five for each place.
    assert kit.value_of(observed, "accuracy", format="referring_mcq") == pytest.approx((48 + 5) / 235, abs=0.005)
