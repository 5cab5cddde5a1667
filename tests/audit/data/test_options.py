"""Options are refused at once, with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.data.options import CT_WINDOWS, LoadOptions


@pytest.mark.parametrize("pick", ["", "0", "-1", "first", "1.5", "٣", "9" * 5000])
def test_a_bad_pick_is_refused(pick: str) -> None:
    with pytest.raises(InputError, match="middle, all or a number"):
        LoadOptions(pick=pick)


@pytest.mark.parametrize("window", ["", "lungs", "400", "0,40", "nan,40", "400,inf", "400,40,1"])
def test_a_bad_window_is_refused(window: str) -> None:
    with pytest.raises(InputError, match="WIDTH,LEVEL"):
        LoadOptions(window=window)


def test_good_values_are_read() -> None:
    assert LoadOptions().count == 1
    assert LoadOptions(pick="all").count is None
    assert LoadOptions(pick="5").count == 5
    assert LoadOptions(window="lung").window_width_level == CT_WINDOWS["lung"] == (1500, -600)
    assert LoadOptions(window="80,35.5").window_width_level == (80, 35.5)


def test_labels_need_a_key_and_the_key_labels() -> None:
    for options in ({"labels": Path("x.csv")}, {"key": "path"}):
        with pytest.raises(InputError, match="come together"):
            LoadOptions(**options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Unknown key"):
        LoadOptions(labels=Path("x.csv"), key="PatientID")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="max_pixels"):
        LoadOptions(max_pixels=0)
