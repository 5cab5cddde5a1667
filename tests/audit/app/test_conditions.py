"""Controls and system prompts: what is asked changes as told, the item does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audit.app.conditions import control_requests, read_system_prompt, with_system_prompt
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.probe import Control
from audit.core.query import Query, ask

CONTROLS = (Control("blind", "why"), Control("shuffled", "why"), Control("constant", "why"))


def request(number: int, condition: str = "clean") -> Request:
    image = Image.of(np.full((2, 2), number, dtype=np.uint8))
    query = Query(ask(image, "Which?"))
    return Request(Item(f"i{number}", "c", query, "A"), query, condition)


def test_every_asked_control_of_every_condition_has_its_name() -> None:
    given = [request(1), request(2), request(1, "uniform"), request(2, "uniform")]
    made = control_requests(given, CONTROLS, np.random.default_rng(0))
    assert {r.condition for r in made} == {"blind", "shuffled", "uniform+blind", "uniform+shuffled"}
    assert len(made) == 8
    assert all(not r.query.images for r in made if "blind" in r.condition)
    for r in made:
        if "shuffled" in r.condition:
            assert r.query.images[0] != r.item.query.images[0]


def test_without_pictures_only_the_names_change() -> None:
    def unreadable() -> np.ndarray:
        raise InputError("no picture")

    query = Query(ask(Image(unreadable), "Which?"))
    made = control_requests(
        [Request(Item("i", "c", query, "A"), query)], CONTROLS, np.random.default_rng(0), pictures=False
    )
    assert [r.condition for r in made] == ["blind", "shuffled"]


def test_a_system_prompt_stands_first_and_changes_the_key() -> None:
    plain = request(1)
    (prompted,) = with_system_prompt([plain], "Prefer normal.")
    assert prompted.query.messages[0].role == "system"
    assert prompted.query.messages[1:] == plain.query.messages
    assert prompted.query.digest != plain.query.digest
    (twice,) = with_system_prompt([prompted], "You are a product.")
    assert twice.query.messages[0].text == "You are a product.\n\nPrefer normal."
    assert with_system_prompt([plain], None) == (plain,)


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe\xff", b"x" * 200_000])
def test_a_system_prompt_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prompt.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"prompt\.txt"):
        read_system_prompt(path)


def test_a_missing_system_prompt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_system_prompt(tmp_path / "absent")
