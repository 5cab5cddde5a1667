from __future__ import annotations

import pytest

from audit.core.errors import InputError
from probes.spurious.config import Options, read_options


def test_defaults() -> None:
    assert read_options({}) == Options()
    assert Options().cells == ((2, 2),)


def test_values_as_typed_or_as_yaml_has_them() -> None:
    typed = read_options({"regions": "text, mark", "scales": "2x2,3x4", "budget": "30", "how": "generate"})
    listed = read_options({"regions": ["text", "mark"], "scales": ["2x2", "3x4"], "budget": 30, "how": "generate"})
    assert typed == listed
    assert typed.cells == ((2, 2), (3, 4))
    assert read_options({"label": "View", "group": "CT/head"}).label == "view"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"region": "mark"}, "spurious.region"),
        ({"regions": "marks"}, "user, text, mark"),
        ({"regions": ""}, "user, text, mark"),
        ({"scales": "2x"}, "such as 2x2"),
        ({"budget": "-1"}, "spurious.budget"),
        ({"budget": True}, "spurious.budget"),
        ({"items": 3}, "20 to"),
        ({"how": "guess"}, "choose, generate"),
        ({"fill": "black"}, "blur, inpaint, mean"),
        ({"group": "chest"}, "MODALITY/ANATOMY"),
        ({"label": " "}, "spurious.label"),
    ],
)
def test_a_mistake_names_the_key_and_what_is_allowed(given: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_options(given)
