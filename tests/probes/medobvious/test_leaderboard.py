"""The figures that the protocol states, computed through our scoring on rows in the official numbers."""

from __future__ import annotations

import pytest

from audit.core.item import Request
from probes.medobvious.constant import none_answer


def reader_of_the_wording(guess: int):
    """Sees no image: takes the word of a positive prompt that there is an outlier, and guesses one place for all."""

    def say(request: Request) -> str:
        if request.item.tags["polarity"] == "negative" or request.item.tags["format"] == "visual_referring":
            return request.item.target
        if request.item.tags["grid"] == "3x3" and request.item.tags["format"].endswith("_open"):
            return request.query.options[(0, 2, 6, 8)[guess]].label
        return request.query.options[guess].label

    return say


def test_always_none_averages_as_the_protocol_says(kit, official_requests: tuple[Request, ...]) -> None:
    said = kit.observe(official_requests, none_answer)
    assert kit.value_of(said, "average_of_seven", "strict") == pytest.approx(2.5 / 7)
    assert round(100 * kit.value_of(said, "average_of_seven", "strict"), 1) == 35.7
    assert round(100 * kit.value_of(said, "average_of_seven", "published"), 1) == 33.4


def test_the_wording_alone_reaches_what_the_protocol_says(kit, official_requests: tuple[Request, ...]) -> None:
    strict, published = [], []
    for guess in range(4):
        said = kit.observe(official_requests, reader_of_the_wording(guess))
        strict.append(kit.value_of(said, "accuracy", "strict"))
        published.append(kit.value_of(said, "accuracy", "published"))
    # The mean over guesses is the expected score: 705 + 235 + 4 (190/4 + 45/9) of 1,880.
    assert sum(strict) / 4 == pytest.approx((705 + 235 + 4 * (190 / 4 + 5)) / 1880)
    assert round(100 * sum(strict) / 4, 1) == 61.2
    assert round(100 * sum(published) / 4, 1) == 58.8


def test_gold_answers_find_everything_without_false_alarms(kit, official_requests: tuple[Request, ...]) -> None:
    said = kit.observe(official_requests, lambda request: request.item.target)
    assert kit.value_of(said, "sensitivity") == 1
    assert kit.value_of(said, "false_alarm_rate") == 0
    assert kit.value_of(said, "youden_j") == 1
    assert kit.value_of(said, "average_of_seven") == 1
    assert kit.value_of(said, "mean_of_tiers") == 1
    assert kit.value_of(said, "position_bias") == 0
    # The published parser reads neither "none" nor the last four places of a 3 x 3 grid.
    assert kit.value_of(said, "accuracy", "published") == pytest.approx(1 - (45 + 2 * 20) / 1880)


def test_always_none_finds_nothing_and_alarms_never(kit, official_requests: tuple[Request, ...]) -> None:
    said = kit.observe(official_requests, none_answer)
    assert kit.value_of(said, "sensitivity") == 0
    assert kit.value_of(said, "false_alarm_rate") == 0
    assert kit.value_of(said, "youden_j") == 0
    assert kit.value_of(said, "accuracy") == pytest.approx(705 / 1880)
    tiers = {"v1": 165 / 440, "v2": 180 / 480, "v3": 135 / 360, "v4": 120 / 320, "v5": 105 / 280}
    for tier, share in tiers.items():
        assert kit.value_of(said, "accuracy", tier=tier) == pytest.approx(share)
    assert kit.value_of(said, "mean_of_tiers") == pytest.approx(sum(tiers.values()) / 5)


def test_a_list_of_all_places_passes_the_published_open_scoring_only(
    kit, official_requests: tuple[Request, ...]
) -> None:
    def everything(request: Request) -> str:
        return ", ".join(option.label for option in request.query.options)

    said = kit.observe([r for r in official_requests if r.item.tags["format"].endswith("_open")], everything)
    assert kit.value_of(said, "accuracy", "published") == 1
    assert kit.value_of(said, "accuracy", "strict") == 0
    assert kit.value_of(said, "sensitivity") == 0
    assert kit.value_of(said, "invalid_rate") == 1
