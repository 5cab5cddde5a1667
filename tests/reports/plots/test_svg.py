"""Matplotlib figures made fit for a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest

from reports.plots.palette import NAMES, code, name_of
from reports.plots.svg import canvas, inline, settings, words


def draw(name: str = "f") -> str:
    with settings():
        figure = canvas(200, 100)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.plot([0, 1], [0, 1], "o-", color=code("model"), markerfacecolor=code("paper"))
        words(figure, 0.5, 0.5, "a < b & $x$", ha="right", fontweight="bold")
        return inline(figure, name=name, title="T <1>", description="D")


def test_palette_goes_there_and_back() -> None:
    assert [name_of(code(name)) for name in NAMES] == list(NAMES)
    assert name_of("#ffffff") is None


def test_colours_become_classes_and_styles_attributes() -> None:
    root = ET.fromstring(draw())
    line = next(element for element in root.iter("path") if "stroke-model" in element.get("class", ""))
    assert line.get("stroke-width")
    assert not any("style" in element.attrib for element in root.iter())
    assert not list(root.iter("style"))
    assert not list(root.iter("metadata"))


def test_text_is_kept_escaped_and_anchored() -> None:
    (text,) = (element for element in ET.fromstring(draw()).iter("text") if element.text == "a < b & $x$")
    assert text.get("text-anchor") == "end"
    assert text.get("font-weight") == "700"


def test_ids_carry_the_name_of_the_figure() -> None:
    one, two = ET.fromstring(draw("one")), ET.fromstring(draw("two"))
    ids = [{element.get("id") for element in root.iter() if element.get("id")} for root in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_users_settings_change_nothing_and_are_left_alone() -> None:
    before = draw()
    with mpl.rc_context({"lines.linewidth": 9, "svg.fonttype": "path", "axes.facecolor": "red"}):
        assert draw() == before
        assert mpl.rcParams["lines.linewidth"] == 9


def test_settings_are_restored_after_an_error() -> None:
    kept = mpl.rcParams["svg.fonttype"]
    with pytest.raises(RuntimeError), settings():
        raise RuntimeError
    assert mpl.rcParams["svg.fonttype"] == kept
