"""Export: a folder that a stranger can answer from, and whose answers replay as if the model had been asked."""

from __future__ import annotations

import json
import stat
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.query import Decoding, Intervention, Option, Query, ask
from audit.models.control import blind
from audit.models.export import export_queries
from audit.models.table import open_model

AB = (Option("A", "bright"), Option("B", "dark"))


def request(id: str, value: int, condition: str = "clean", sample: int = 0) -> Request:
    picture = Image.of(np.full((4, 5), value, np.uint8))
    decoding = Decoding(temperature=0.5 * (sample > 0), stop=("\n",))
    query = Query(
        ask("Look:", picture, f"Bright or dark, {id}?", system="Brief."), AB, decoding=decoding, sample=sample
    )
    return Request(Item(id, id, query, "A"), blind(query) if condition == "blind" else query, condition)


REQUESTS = [
    request("1", 200), request("2", 20), request("3", 200), request("ü/../4", 20), request("1", 200, "blind"),
    request("1", 200, sample=1),
]  # fmt: skip


def eyes(levels: list[float]) -> str:
    """The scripted model: it sees mean grey values and nothing else."""
    return "I see nothing" if not levels else "A" if levels[0] > 100 else "B"


def answer_folder(folder: Path, out: Path) -> None:
    """Another machine: it has the exported folder and not this program."""
    with out.open("w") as lines:
        for line in (folder / "queries.jsonl").read_text().splitlines():
            row = json.loads(line)
            files = [part["image"] for m in row["messages"] for part in m["parts"] if "image" in part]
            levels = [float(np.asarray(PIL.Image.open(folder / file)).mean()) for file in files]
            back = {name: row[name] for name in ("id", "condition", "sample", "key")}
            lines.write(json.dumps({**back, "answer": eyes(levels)}) + "\n")


def test_round_trip(tmp_path: Path) -> None:
    assert export_queries(REQUESTS, tmp_path / "out") == len(REQUESTS)
    answer_folder(tmp_path / "out", tmp_path / "answers.jsonl")
    replayed = open_model(f"replay:{tmp_path}/answers.jsonl").look_up(REQUESTS)
    direct = [Answer(eyes([float(image.pixels.mean()) for image in r.query.images])) for r in REQUESTS]
    assert list(replayed) == direct
    assert not any(answer.notes for answer in replayed)


def test_what_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    export_queries(REQUESTS, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["README.txt", "images", "queries.jsonl", "template.jsonl"]
    images = {image.sha256: image for r in REQUESTS for image in r.query.images}
    assert {path.name for path in (folder / "images").iterdir()} == {f"{sha}.png" for sha in images}
    first = json.loads((folder / "queries.jsonl").read_text().splitlines()[0])
    assert first["messages"][1]["parts"][::2] == [{"text": "Look:"}, {"text": "Bright or dark, 1?"}]
    assert first["options"][1] == {"label": "B", "text": "dark"}
    assert first["decoding"]["stop"] == ["\n"]
    assert "medaudit.answers/1" in (folder / "README.txt").read_text()


def test_what_is_hidden_inside_the_model_is_written_out(tmp_path: Path) -> None:
    """Whoever answers elsewhere must not answer a masked query with nothing masked."""
    hidden = Intervention("projector", ((0, 1, 1, 3, 3),), "zero", radius=1)
    bare = request("1", 200)
    masked = replace(bare, query=replace(bare.query, intervention=hidden), condition="masked")
    export_queries([bare, masked], tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "queries.jsonl").read_text().splitlines()]
    assert "intervention" not in rows[0]
    assert rows[1]["intervention"] == {**asdict(hidden), "boxes": [[0, 1, 1, 3, 3]]}
    assert "intervention" in (tmp_path / "out" / "README.txt").read_text()


def test_the_template_is_a_valid_answers_file(tmp_path: Path) -> None:
    export_queries(REQUESTS, tmp_path / "out")
    found = open_model(f"replay:{tmp_path}/out/template.jsonl").match(REQUESTS)
    assert (found.missing_ids, found.unmatched_ids) == ((), ())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="not empty"):
        export_queries(REQUESTS, tmp_path)
    with pytest.raises(InputError):
        export_queries(REQUESTS, tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export_queries(REQUESTS[:1], tmp_path / "out") == 1


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def torn():
        raise OSError("disk on fire")

    image = Image(torn)
    image.sha256 = "0" * 64
    query = Query(ask(image, "What?"))
    with pytest.raises(InputError, match="disk on fire"):
        export_queries([*REQUESTS, Request(Item("9", "9", query, ""), query)], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_equal_requests_once_and_different_ones_never_under_one_name(tmp_path: Path) -> None:
    assert export_queries([REQUESTS[0], REQUESTS[0]], tmp_path / "out") == 1
    with pytest.raises(InputError, match="Two different queries"):
        export_queries([REQUESTS[0], request("1", 3)], tmp_path / "other")
