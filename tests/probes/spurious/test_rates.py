from __future__ import annotations

from audit.core.observation import Observation
from probes.spurious.rates import having, looked_up, of_class, of_half, right_row


def seen(value: float | None, **tags: str) -> Observation:
    return Observation("spurious", "i", "c", "model", "strict", "correct", value, tags=tags)


def test_rows_enter_where_they_belong() -> None:
    assert right_row(seen(1.0)) == (1.0, 1.0)
    assert right_row(seen(None)) is None
    assert of_half(right_row, "estimation")(seen(0.0, half="estimation")) == (0.0, 1.0)
    assert of_half(right_row, "estimation")(seen(0.0, half="discovery")) is None
    assert of_class(right_row, "ill")(seen(1.0, **{"class": "ill"})) == (1.0, 1.0)
    assert of_class(right_row, "ill")(seen(1.0, **{"class": "sound"})) is None


def test_whole_names_of_region_clusters() -> None:
    inside = having("mark-1")
    assert inside(seen(1.0, regions="grid-1 mark-1"))
    assert not inside(seen(1.0, regions="mark-11 grid-1"))
    assert not inside(seen(1.0))


def test_rows_made_for_each_model_and_item() -> None:
    row = looked_up({"model": {"i": (1.0, 2.0)}})
    assert row(seen(1.0)) == (1.0, 2.0)
    assert looked_up({"base": {"i": (1.0,)}})(seen(1.0)) is None
