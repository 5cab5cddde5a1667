"""mine-pairs: what is written is read back and audited as the official set is."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.app.cli import run_command
from audit.app.mining import MiningConfig, mine_pairs
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.load import load
from audit.data.phantoms import phantoms, write_phantoms
from probes.mediconfusion.config import LABELS
from probes.mediconfusion.mining import Wanted

pytest.importorskip("skimage")
BOTH = ("features:skimage", "features:skimage")


def wanted(n_pairs: int = 10, n_easy: int = 4, alike: float = 0.8) -> Wanted:
    return Wanted(alike, 0.999, LABELS, n_pairs, n_easy)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return phantoms(80, 5)


def test_a_mined_set_reads_back_with_its_images_and_patients(tmp_path: Path, data: Dataset) -> None:
    out = tmp_path / "pairs.json"
    rows = mine_pairs(data, MiningConfig(BOTH, wanted(), out))
    back = load(out)
    assert back.kind == "mediconfusion"
    assert back.problems == ()
    assert len(back.records) == 2 * len(rows)
    assert {record.meta["kind"] for record in back.records} == {"confusable", "easy"}
    known = {record.image.sha256: record for record in data.records}
    for record in back.records:
        source = known[record.image.sha256]
        options = record.meta["options"]
        assert isinstance(options, list)
        assert options["AB".index(str(record.meta["correct"]))] in source.labels.values()
    for row in (row for row in rows if row.kind == "confusable"):
        assert row.alike is not None
        assert row.alike >= 0.8
    assert (tmp_path / "pairs_images").stat().st_mode & 0o777 == 0o700


def test_the_same_seed_writes_the_same_file(tmp_path: Path, data: Dataset) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        mine_pairs(data, MiningConfig(BOTH, wanted(), tmp_path / name / "pairs.json"))
    assert (tmp_path / "a/pairs.json").read_bytes() == (tmp_path / "b/pairs.json").read_bytes()


def test_nothing_is_overwritten_and_nothing_found_is_an_error(tmp_path: Path, data: Dataset) -> None:
    with pytest.raises(InputError, match="lower --alike"):
        mine_pairs(data, MiningConfig(BOTH, wanted(alike=1.0), tmp_path / "none.json"))
    assert not (tmp_path / "none.json").exists()
    (tmp_path / "there.json").write_text("{}")
    with pytest.raises(InputError, match="already"):
        mine_pairs(data, MiningConfig(BOTH, wanted(), tmp_path / "there.json"))


def test_a_model_that_cannot_embed_is_refused(tmp_path: Path, data: Dataset) -> None:
    with pytest.raises(InputError, match="cannot embed"):
        mine_pairs(data, MiningConfig(("features:skimage", "control:random"), wanted(), tmp_path / "x.json"))


def test_the_command_mines_and_the_run_audits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_phantoms(tmp_path / "images", 60, 2, 64)
    out = tmp_path / "pairs.json"
    arguments = ["--encoder-a", BOTH[0], "--encoder-b", BOTH[1], "--alike", "0.7", "--different", "0.999"]
    manifest = str(tmp_path / "images" / "manifest.csv")
    assert (
        run_command(["mine-pairs", "--data", manifest, *arguments, "--pairs", "5", "--easy", "2", "--out", str(out)])
        == 0
    )
    assert "5 confusable and 2 easy pairs" in capsys.readouterr().out
    judge = ["--judge", "control:constant:A: 9 B: 1"]
    run = ["run", "--probe", "mediconfusion", "--data", str(out), "--model", "control:constant:A", *judge]
    assert run_command([*run, "--set", "mediconfusion.ways=multiple_choice", "--out", str(tmp_path / "run")]) in (0, 1)
    assert (tmp_path / "run" / "report.html").exists()
