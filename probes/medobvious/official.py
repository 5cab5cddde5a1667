"""Official rows to requests: their own questions and answers, our uniform wording beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from audit.core.dataset import Dataset, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.query import Option, Query
from probes.medobvious.config import Options
from probes.medobvious.formats import FORMATS, ROWS, Format, Row, grid_tag, options_for
from probes.medobvious.prompts import with_options
from probes.medobvious.rows import row_requests
from probes.parsing.positions import position_names, read_position
from probes.parsing.yes_no import read_yes_no

if TYPE_CHECKING:
    from audit.core.image import Pixels


def official_requests(dataset: Dataset, options: Options) -> Iterator[Request]:
    """Requests of all official rows, and of the two rows per base grid that only uniform wording can ask.

    Raises `InputError` naming the row's id where the row's answer is none of those that its format allows.
    """
    bases: dict[str, dict[str, Record]] = {}
    for record in dataset.records:
        row, n = row_of(record), _n(record)
        base = record.id.removesuffix(f"_{row.suffix}")
        bases.setdefault(base, {})[row.suffix] = record
        anomaly = _anomaly(record)
        offered = _offered(record, row.format, n)
        question = with_options(_text(record, "question"), offered if row.format.endswith("_mcq") else ())
        panels = _panels(record.image, n) if row.format.startswith("detection") else ()
        item = _item(record, row, n)
        yield from row_requests(item, row, record.image, panels, anomaly, question, options, offered)
    for base, rows in bases.items():
        yield from _referring_negatives(base, rows, options)


def row_of(record: Record) -> Row:
    """Which of the eight rows a record is, by its task type and polarity."""
    kind, negative = _text(record, "task_type"), bool(record.meta.get("is_negative"))
    for row in ROWS:
        if (row.format, row.polarity == "negative") == (kind, negative):
            return row
    raise _wrong(record, f"Expected task_type to be one of {', '.join(FORMATS)} but got {kind!r}")


def _referring_negatives(base: str, rows: Mapping[str, Record], options: Options) -> Iterator[Request]:
    """Referring questions on the grid without an outlier: they name what the positive row names."""
    if "ref_mcq" not in rows or "det_mcq_neg" not in rows:
        return
    asked, shown = rows["ref_mcq"], rows["det_mcq_neg"]
    for row in (row for row in ROWS if not row.published):
        n = _n(shown)
        target = options_for(row.format, n)[n * n].label
        item = Item(f"{base}_{row.suffix}", shown.cluster, Query(()), target, _tags(shown, row, n))
        yield from row_requests(item, row, shown.image, (), _anomaly(asked), None, options)


def _item(record: Record, row: Row, n: int) -> Item:
    return Item(record.id, record.cluster, Query(()), _target(record, row.format, n), _tags(record, row, n))


def _tags(record: Record, row: Row, n: int) -> dict[str, str]:
    tier = str(record.meta["tier"])
    tags = {
        "format": row.format,
        "polarity": row.polarity,
        "tier": tier if tier.startswith("v") else f"v{tier}",
        "grid": grid_tag(n),
    }
    position = record.meta.get("answer_position")
    if row.polarity == "positive" and isinstance(position, str) and position in position_names(n):
        tags["position"] = position
    return tags


def _target(record: Record, kind: Format, n: int) -> str:
    """The official answer in the form that a model would give: a letter, a position or "none", yes or no."""
    answer = _text(record, "answer").strip()
    if kind.endswith("_mcq"):
        given = answer.upper().rstrip(").")
        allowed: Sequence[str] = [option.label for option in options_for(kind, n)]
    elif kind == "visual_referring":
        given, allowed = read_yes_no(answer).given or answer, ("yes", "no")
    else:
        given, allowed = read_position(answer, n).given or answer, (*position_names(n), "none")
    if given not in allowed:
        raise _wrong(record, f"Expected answer to be one of {', '.join(allowed)} but got {answer[:60]!r}")
    return given


def _offered(record: Record, kind: Format, n: int) -> tuple[Option, ...]:
    """What the row offers: its own options for multiple choice, which have to be one for each position and none."""
    usual = options_for(kind, n)
    given = record.meta.get("options")
    if not kind.endswith("_mcq"):
        return usual
    if not isinstance(given, Mapping) or list(given) != [option.label for option in usual]:
        raise _wrong(record, f"Expected options {usual[0].label} to {usual[-1].label} but got {str(given)[:60]}")
    return tuple(Option(letter, str(text)) for letter, text in given.items())


def _anomaly(record: Record) -> str:
    """What the referring question calls the anomaly: the words in its first brackets, else any anomaly at all."""
    question = _text(record, "question").partition("\n")[0]
    inside = question.partition("(")[2].partition(")")[0].strip()
    return inside if 0 < len(inside) <= 80 else "a clinical anomaly"


def _panels(image: Image, n: int) -> tuple[Image, ...]:
    """The n*n panels of a grid picture in reading order, cut out when they are needed."""

    def cut(place: int) -> Image:
        def load() -> Pixels:
            pixels = image.pixels
            side = (pixels.shape[0] // n, pixels.shape[1] // n)
            row, column = divmod(place, n)
            return pixels[row * side[0] : (row + 1) * side[0], column * side[1] : (column + 1) * side[1]]

        return Image(load, f"panel {place + 1}")

    return tuple(cut(place) for place in range(n * n))


def _n(record: Record) -> int:
    n = record.meta.get("n")
    if not isinstance(n, int) or not 2 <= n <= 5:
        raise _wrong(record, f"Expected the grid to be 2x2 to 5x5 but got n={n!r}")
    return n


def _text(record: Record, key: str) -> str:
    value = record.meta.get(key)
    if not isinstance(value, str):
        raise _wrong(record, f"Expected {key} to be text but got {value!r}")
    return value


def _wrong(record: Record, problem: str) -> InputError:
    return InputError(f"Row {record.id!r}: {problem}", remedy="compare it with the official all_tasks.jsonl")
