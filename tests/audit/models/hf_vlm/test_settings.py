"""hf: specs are checked before anything loads, and the fingerprint changes with what changes an answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from audit.core.canonical import digest
from audit.core.errors import InputError
from audit.models.hf_vlm.settings import settings_of
from audit.models.spec import parse_spec


def fingerprint(folder: Path, settings: str = "") -> str:
    return digest(settings_of(parse_spec(f"hf:{folder}?{settings}")).fingerprint)


@pytest.fixture
def folder(tiny_checkpoint: Callable[[str], Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_checkpoint("llava"), tmp_path / "model"))


def test_the_fingerprint_changes_with_a_weight(folder: Path) -> None:
    before = fingerprint(folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    assert fingerprint(folder) != before


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "processor_config.json", "generation_config.json"])
def test_the_fingerprint_changes_with_a_file(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    (folder / name).write_text(json.dumps({**json.loads((folder / name).read_text()), "changed": 1}))
    assert fingerprint(folder) != before


def test_the_fingerprint_changes_with_template_dtype_and_settings(folder: Path) -> None:
    found = {
        fingerprint(folder, settings)
        for settings in (
            "",
            "dtype=bf16",
            "template=plain",
            "template=llava-v1",
            "max_pixels=1000",
            "answer_pattern=think",
        )
    }
    assert len(found) == 6
    before = fingerprint(folder)
    (folder / "chat_template.jinja").write_text("{{ messages[0]['content'][0]['text'] }}")
    assert fingerprint(folder) != before


def test_the_fingerprint_stays_with_what_changes_no_answer(folder: Path, tmp_path: Path) -> None:
    before = fingerprint(folder)
    (folder / "README.md").write_text("a model")
    (folder / "README.txt").write_text("a model")
    (folder / "training_args.json").write_text("{}")
    (folder / "optimizer.pt").write_bytes(b"x")
    moved = folder.rename(tmp_path / "elsewhere")
    assert fingerprint(moved) == before
    assert fingerprint(moved, "batch_size=7") == before
    assert fingerprint(moved, "device=cpu&dtype=fp32") == before
    assert fingerprint(moved, "images=1") == before


def test_the_fingerprint_holds_no_path(folder: Path) -> None:
    settings = settings_of(parse_spec(f"hf:{folder}"))
    assert str(folder.parent) not in json.dumps(settings.fingerprint)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("dtyp=bf16", "dtyp"),
        ("dtype=int3", "int3"),
        ("batch_size=0", "batch_size"),
        ("batch_size=many", "batch_size"),
        ("max_pixels=-1", "max_pixels"),
        ("images=0", "images"),
        ("weights=both", "weights"),
        ("remote_code=yes", "remote_code"),
        ("answer_pattern=(", "answer pattern"),
        ("template=no-such", "no-such"),
        ("peft=/no/such", "adapter"),
        ("revision=main", "revision"),
    ],
)
def test_a_wrong_setting_is_one_line(tiny_checkpoint: Callable[[str], Path], settings: str, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        settings_of(parse_spec(f"hf:{tiny_checkpoint('llava')}?{settings}"))
    assert "\n" not in str(caught.value)


def test_an_unknown_or_absent_device(tiny_checkpoint: Callable[[str], Path]) -> None:
    for device in ("tpu", "cuda:x"):
        with pytest.raises(InputError, match="device"):
            _ = settings_of(parse_spec(f"hf:{tiny_checkpoint('llava')}?device={device}")).device


def _without(name: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).unlink()


SPOILED: Mapping[str, tuple[Callable[[Path], Any], str]] = {
    "no config": (_without("config.json"), "config.json"),
    "broken config": (lambda folder: (folder / "config.json").write_text("{"), "JSON"),
    "config no object": (lambda folder: (folder / "config.json").write_text("[]"), "JSON object"),
    "no weights": (_without("model.safetensors"), "weights"),
    "no template": (_without("chat_template.jinja"), "template"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_folder_is_one_line(folder: Path, name: str) -> None:
    spoil, word = SPOILED[name]
    spoil(folder)
    with pytest.raises(InputError, match=word) as caught:
        settings_of(parse_spec(f"hf:{folder}"))
    assert "\n" not in str(caught.value)


def test_a_missing_shard_is_named(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(InputError, match="model-00002-of-00002"):
        settings_of(parse_spec(f"hf:{folder}"))


def test_reasoning_by_a_free_pattern_cannot_be_scored(tiny_checkpoint: Callable[[str], Path]) -> None:
    free = settings_of(
        parse_spec(f"hf:{tiny_checkpoint('llava')}?answer_pattern=A:(?P<answer>.)".replace("?P", "%3FP"))
    )
    assert not free.can_score
    assert settings_of(parse_spec(f"hf:{tiny_checkpoint('llava')}?answer_pattern=think")).can_score


def test_how_many_images_are_taken_is_what_the_spec_says(folder: Path) -> None:
    found = [settings_of(parse_spec(f"hf:{folder}{said}")).most_images for said in ("", "?images=1", "?images=3")]
    assert found == [None, 1, 3]
