"""Queries as files, for another machine, a legacy environment or a batch service to answer."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audit.core.answer import ANSWERS_SCHEMA
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Request
from audit.core.query import Part

QUERIES_SCHEMA = "medaudit.queries/1"
README = f"""Queries to answer
=================
queries.jsonl holds one query per line ({QUERIES_SCHEMA}):
  id, condition, sample   the place of the query; they go back unchanged
  key                     the digest of the query; it may go back, and is checked then
  messages                turns in order; a part is {{"text": ...}} or {{"image": FILE}}, relative to this folder
  prefix                  text that the model's own turn starts with ("" if none)
  options                 what may be answered: label and text, in order
  how                     generate: free text. choose: the label of one option, with log-probabilities where you have
                          them. likelihood: log-probability of each option's text as the answer
  decoding                max_new_tokens, temperature (0 is greedy), top_p, seed, stop
  intervention            only where tokens of the images are to be hidden inside the model: layer, boxes (image, left,
                          top, right, bottom), fill, radius, pick, seed. Leave such a query out rather than answer it
                          with nothing hidden

Write the answers into one file of JSON lines ({ANSWERS_SCHEMA}), one object per query in any order; template.jsonl
is such a file without its answers. Fields:
  id, answer              needed; the answer is the model's text as it came
  condition, sample       as in the query (left out: "clean" and 0)
  key                     as in the query
  option_logprobs         {{label: log-probability}}; leave out what you do not know
  status                  ok, refused, truncated, unparsed or error
Condition "repeat": a clean query once more. Ask it anew, in another batch, never from a cache; or leave them all out.
Each (id, condition, sample) may occur once. Then run the same audit with  --model replay:FILE
"""


def export_queries(requests: Sequence[Request], folder: Path) -> int:
    """Write the queries, their images as PNG (named by pixel hash, each once), a template and a README.

    The folder appears whole or not at all, readable by its owner only. Requests that are equal are written once.
    Returns the number of queries. Raises `InputError` for a folder that is not empty or cannot be written, or for
    two different queries with the same (id, condition, sample).
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("The folder for the queries is not empty", path=folder, remedy="name a new folder")
    rows = _distinct(requests)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise InputError(f"The folder cannot be made: {error.strerror}", path=folder) from error
    try:
        _write(rows, made)
        made.replace(folder)
    except OSError as error:
        raise InputError(f"The queries cannot be written: {error.strerror or error}", path=folder) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return len(rows)


def _distinct(requests: Sequence[Request]) -> list[Request]:
    places: dict[tuple[str, str, int], Request] = {}
    for request in requests:
        first = places.setdefault(request.place, request)
        if first.query.digest != request.query.digest:
            raise InputError(
                f"Two different queries have the id {request.item.id!r} (condition {request.condition!r}, "
                f"sample {request.query.sample})",
                remedy="export one probe at a time",
            )
    return list(places.values())


def _write(rows: Sequence[Request], folder: Path) -> None:
    from audit.data.png import encode_png

    (folder / "images").mkdir()
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as lines:
        for request in rows:
            for image in request.query.images:
                file = folder / _file(image)
                if not file.exists():
                    file.write_bytes(encode_png(image))
            lines.write(json.dumps(_row(request)) + "\n")
    with (folder / "template.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({**_place(request), "answer": ""}) + "\n" for request in rows)
    (folder / "README.txt").write_text(README, encoding="utf-8")


def _row(request: Request) -> dict[str, Any]:
    query = request.query
    hidden = {} if query.intervention is None else {"intervention": query.plain()["intervention"]}
    return {
        "schema": QUERIES_SCHEMA,
        **_place(request),
        "messages": [{"role": m.role, "parts": [_part(part) for part in m.parts]} for m in query.messages],
        "prefix": query.prefix,
        "options": [asdict(option) for option in query.options],
        "how": query.how,
        "decoding": {**asdict(query.decoding), "stop": list(query.decoding.stop)},
        **hidden,
    }


def _place(request: Request) -> dict[str, Any]:
    id, condition, sample = request.place
    return {"id": id, "condition": condition, "sample": sample, "key": request.query.digest}


def _part(part: Part) -> dict[str, str]:
    return {"text": part} if isinstance(part, str) else {"image": _file(part)}


def _file(image: Image) -> str:
    return f"images/{image.sha256}.png"
