"""The results of a self-test as plain data, merged over commands, and how far each keeps what it promises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from audit.app.folder import write_json, write_text
from audit.app.selftest.page import page
from audit.app.selftest.power import FLOOR, GOAL
from audit.core.canonical import Json
from audit.core.errors import InputError

SCHEMA = "medaudit.selftest/1"
SECTIONS = ("power", "clean", "unsteady", "threshold", "coverage")
CLAIMS = {
    "flips": "a flip rate",
    "vs_clean": "a difference from clean images",
    "did": "a change that is not the base's",
    "vs_base": "a difference from the base",
}
Standing = Literal["shown", "open", "broken"]


@dataclass(frozen=True)
class Promise:
    """One promise: `standing` is shown where the runs show that it is kept, broken where they show that it is not,
    open where they are too few to tell."""

    name: str
    figure: str
    promised: str
    standing: Standing


def merged(folder: Path | None, made: Mapping[str, Json]) -> dict[str, Json]:
    """The sections made now, with those that stand in the folder's file already. Raises `InputError` for a file of
    another make."""
    before: dict[str, Json] = {}
    path = None if folder is None else folder / "selftest.json"
    if path is not None and path.exists():
        try:
            before = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"Cannot be read: {error}", path=path, remedy="delete it, or name another --out"
            ) from error
        if not isinstance(before, dict) or before.get("schema") != SCHEMA:
            raise InputError(f"Is not of schema {SCHEMA!r}", path=path, remedy="delete it, or name another --out")
    power = (
        {"power": _with_other_flaws(before["power"], made["power"])} if {"power"} <= before.keys() & made.keys() else {}
    )
    return {**before, "schema": SCHEMA, **made, **power}


def _with_other_flaws(before: Any, made: Any) -> dict[str, Json]:
    """The rows made now, and those of other flaws that stand already, under the commands of both."""
    own = {row["name"] for row in made["rows"]}
    kept = [row for row in before["rows"] if row["name"] not in own]
    commands = dict.fromkeys([*(before["command"].split(" and ") if kept else ()), made["command"]])
    return {**made, "command": " and ".join(commands), "rows": [*kept, *made["rows"]]}


def write(folder: Path, results: Mapping[str, Json]) -> Path:
    """Write selftest.json and selftest.md; returns the path of the page. Raises `InputError` where it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot be written: {error.strerror}", path=folder) from error
    write_json(folder / "selftest.json", results)
    path = folder / "selftest.md"
    write_text(path, page(results, tuple(promises(results))))
    for written in (path, folder / "selftest.json"):
        written.chmod(0o644)  # holds no patient: no model was asked and no image of anybody's was shown
    return path


def promises(results: Mapping[str, Any]) -> Iterator[Promise]:
    """Every promise about which there are results."""
    for row in results.get("power", {}).get("rows", ()):
        if row["stated"]:
            yield Promise(
                f"finds {row['name']} at effect {row['effect']:g}",
                words(row["found"]),
                f"{GOAL:g}, lower bound {FLOOR:g}",
                _standing(row["found"]["low"] >= FLOOR, row["found"]["high"] < GOAL),
            )
    for name, why in results.get("power", {}).get("left_out", {}).items():
        yield Promise(f"finds the flaws of {name}", f"not asked: {why}", f"{GOAL:g}, lower bound {FLOOR:g}", "open")
    yield from _of_clean(results.get("clean"))
    noisy = results.get("unsteady", {"claims": {}})
    for name, tally in noisy["claims"].items():
        yield _at_most(f"flags a model for its noise: {CLAIMS[name]}", tally, noisy["fdr"])
    if "threshold" in results:
        told = results["threshold"]
        yield _at_most("passes a model exactly at its thresholds", told["any_pass"], told["alpha"])
    for row in results.get("coverage", {}).get("rows", ()):
        low, high = row["band"]
        held = row["held"]
        share = held["hits"] / held["runs"]
        standing = _standing(low <= share <= high, held["high"] < low or held["low"] > high)
        yield Promise(f"covers: {row['name']}", words(held), f"{low:g} to {high:g}", standing)


def _of_clean(told: Mapping[str, Any] | None) -> Iterator[Promise]:
    if told is None:
        return
    yield _at_most("fails an endpoint that a clean model meets", told["failed"], told["alpha"])
    for name, tally in told["families"].items():
        yield _at_most(f"flags a clean model in the family {name}", tally, told["fdr"])


def _at_most(name: str, tally: Mapping[str, Any], nominal: float) -> Promise:
    """A rate that promises to be at most `nominal`: broken where its interval lies above."""
    return Promise(
        name, words(tally), f"at most {nominal:g}", _standing(tally["high"] <= nominal, tally["low"] > nominal)
    )


def _standing(kept: bool, broken: bool) -> Standing:
    return "shown" if kept else "broken" if broken else "open"


def words(tally: Mapping[str, Any]) -> str:
    """ "57 of 60 (0.861 to 0.990)"."""
    return f"{tally['hits']} of {tally['runs']} ({tally['low']:.3f} to {tally['high']:.3f})"
