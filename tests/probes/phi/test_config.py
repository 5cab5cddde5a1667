"""Options are checked, and errors name the key."""

from __future__ import annotations

import pytest

from audit.core.errors import InputError
from probes.phi.config import Options, read_options


def test_defaults_are_the_defaults() -> None:
    assert read_options({}) == Options()


def test_values_as_typed_and_as_yaml_has_them() -> None:
    typed = read_options(
        {"documents": "100", "radii": "4,0", "strategies": "blur,black", "tokens": "none", "boxes": "given,detected"}
    )
    plain = read_options(
        {
            "documents": 100,
            "radii": [0, 4],
            "strategies": ["black", "blur"],
            "tokens": [],
            "boxes": ["given", "detected"],
        }
    )
    assert typed == plain
    assert typed.radii == (0, 4)
    assert typed.strategies == ("black", "blur")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("documents", "0"), ("documents", "many"), ("documents", True), ("radii", "-1"), ("radii", ""), ("dpi", 20),
        ("strategies", "invisible"), ("tokens", "projector"), ("tokens", "projector/purple"), ("rotation", "far"),
        ("rotation", 11), ("boxes", "guessed"), ("ask", "nicely"), ("protection", "prayer"), ("layouts", "novel"),
        ("max_new_tokens", 0), ("noise", True),
    ],
)  # fmt: skip
def test_a_wrong_value_is_an_error_that_names_the_key(key: str, value: object) -> None:
    with pytest.raises(InputError, match=rf"phi\.{key}"):
        read_options({key: value})


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(InputError, match=r"phi\.colour"):
        read_options({"colour": "red"})


@pytest.mark.parametrize("protection", ["black:3", "block:7/zero"])
def test_a_protection_has_to_be_asked(protection: str) -> None:
    with pytest.raises(InputError, match="not among what is asked"):
        read_options({"protection": protection})
    assert read_options({"protection": "black:3", "radii": "0,3"}).protected.radius == 3
