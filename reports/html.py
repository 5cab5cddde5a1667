"""A digest as one HTML file: self-contained, inert, the same bytes for the same digest."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import numbers
from reports.grouping import spaced
from reports.schema import Digest
from reports.text import shown
from reports.view import anchor, view

TEMPLATES = Path(__file__).parent / "templates"


def render(digest: Digest) -> str:
    """The report.

    All text of the digest is escaped, hidden characters are spelled out and endless text is cut. Raises
    `jinja2.UndefinedError` for a name that the digest lacks and `TypeError` for a number that nobody has formatted.
    """
    style, script = _asset("style.css"), _asset("script.js")
    page = _environment().get_template("report.html.jinja")
    return page.render(
        **view(digest),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
    )


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched and nothing may run but the style and the script of this very page."""
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(file: str) -> str:
    return (TEMPLATES / file).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(
        count=numbers.count,
        counted=numbers.counted,
        words=spaced,
        anchor=anchor,
        svg=Markup,
        share=numbers.percent,
        moment=numbers.moment,
    )
    return environment


def _printable(value: Any) -> Any:
    """The last gate before the page: text is made visible, whole numbers pass, all else is a mistake."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, naming what is missing
    raise TypeError(f"Expected text or a whole number to print but got {value!r}")
