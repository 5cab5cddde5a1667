"""Where a checkpoint is: a folder, or a hub id, and never a hub look-up for a path."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.models.torch_checkpoint import hashes, locate, read_json, weight_files


@pytest.mark.parametrize(
    "target",
    ["/no/such", "./no/such", "../no", "~/no-such-model", "checkpoint", "a/b/c", "models/", "org/na me", "C:\\x"],
)
def test_a_path_that_does_not_exist_is_no_hub_id(target: str) -> None:
    with pytest.raises(InputError, match="Path not found"):
        locate(target)


def test_a_relative_path_in_a_folder_that_exists_is_no_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="Path not found"):
        locate("models/llava")
    assert locate("other/llava", "abc").hub_id == "other/llava"


def test_a_file_and_a_bare_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="folder"):
        locate(str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"config\.json"):
        locate(str(tmp_path))
    (tmp_path / "config.json").touch()
    assert locate(str(tmp_path)).folder == tmp_path


def test_a_hub_id_that_is_neither_reachable_nor_cached_is_one_line() -> None:
    with pytest.raises(InputError, match="local cache") as caught:
        locate("no-such-organisation/no-such-model").commit()
    assert "\n" not in str(caught.value)


def test_hashes_are_those_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    assert hashes([tmp_path / "a.json"], tmp_path) == {"a.json": hashlib.sha256(b"{}").hexdigest()}


def test_one_file_is_preferred_to_shards(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    assert weight_files(tmp_path, "model", pickled=False) == [tmp_path / "model.safetensors"]


@pytest.mark.parametrize("text", ["", "{", "[]", "1"])
def test_no_json_object(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match="JSON"):
        read_json(tmp_path / "a.json")
