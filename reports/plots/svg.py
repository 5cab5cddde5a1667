"""A matplotlib figure as inline SVG: no styles, no fonts, no dates, no addresses; colours as class names."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from reports.plots.palette import code, name_of

_DROPPED = {"metadata", "style"}
_DROPPED_STYLES = {"font-family", "font", "opacity-group"}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG = re.compile(r"-?\d+\.\d{3,}")


@contextmanager
def settings() -> Iterator[None]:
    """Draw under matplotlib's own defaults, whatever a user's matplotlibrc says, and with text kept as text."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "medaudit", "path.simplify": False})
        yield


def canvas(width: float, height: float) -> Figure:
    """An empty transparent figure of so many CSS pixels; its text is 12 px unless said otherwise."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    FigureCanvasSVG(figure)
    figure.patch.set_alpha(0)
    return figure


def words(holder: Any, x: float, y: float, text: str, *, colour: str = "ink", size: float = 12, **how: Any) -> None:
    """Write plain text (never read as a formula) into axes or a figure."""
    holder.text(x, y, text, color=code(colour), fontsize=size, parse_math=False, **how)


def inline(figure: Figure, *, name: str, title: str, description: str) -> str:
    """The figure as an `<svg>` element for an HTML page, the same bytes for the same drawing.

    `name` makes ids unique in the page. `title` and `description` are its text alternative.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        return _page_ready(_drawn(figure), name, title, description)


def _drawn(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return buffer.getvalue().decode("utf-8")


def _page_ready(source: str, name: str, title: str, description: str) -> str:
    root = ET.fromstring(source)
    used = {found for element in root.iter() for found in _references(element)}
    _clean(root, name, used)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": box,
            "width": box.split()[2],
            "height": box.split()[3],
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
        }
    )
    heading, long = ET.Element("title", {"id": f"{name}-title"}), ET.Element("desc", {"id": f"{name}-desc"})
    heading.text, long.text = title, description
    root[:0] = [heading, long]
    return ET.tostring(root, encoding="unicode")


def _clean(element: ET.Element, name: str, used: set[str]) -> None:
    element.tag = _local(element.tag)
    element.attrib = dict(_attributes(element, name, used))
    if element.tag != "text":
        element.text = None
    element.tail = None
    for child in list(element):
        if _local(child.tag) in _DROPPED:
            element.remove(child)
        else:
            _clean(child, name, used)
            if child.tag == "defs" and len(child) == 0:
                element.remove(child)


def _attributes(element: ET.Element, name: str, used: set[str]) -> Iterator[tuple[str, str]]:
    styles = dict(_styles(element.attrib.get("style", "")))
    classes = []
    for key, value in [*((_local(key), value) for key, value in element.attrib.items()), *styles.items()]:
        colour = name_of(value) if key in ("fill", "stroke") else None
        if colour is not None:
            classes.append(f"{key}-{colour}")
        elif key == "id":
            if value in used:
                yield "id", f"{name}-{value}"
        elif key == "href":
            yield "href", f"#{name}-{value.removeprefix('#')}"
        elif key == "transform" and value.startswith("rotate(-0 "):
            continue
        elif key not in ("style", "class") and key not in _DROPPED_STYLES:
            yield key, _REFERENCE.sub(rf"url(#{name}-\1)", _LONG.sub(_rounded, value))
    if classes:
        yield "class", " ".join(classes)


def _references(element: ET.Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if _local(key) == "href":
            yield value.removeprefix("#")
        yield from _REFERENCE.findall(value)


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for part in style.split(";"):
        key, colon, value = part.partition(":")
        if colon:
            yield key.strip(), value.strip()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
