"""Loading: pickles only when asked for, PEFT weights, and nothing left at random."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.model import Model
from audit.core.query import Option, Query, ask
from audit.models.hf import HfModel
from audit.models.table import open_model

OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"), Option("C", "none of the above"))

Queries = Callable[..., list[Query]]


def opened(folder: Path, settings: str = "") -> HfModel:
    model = open_model(f"hf:{folder}?{settings}")
    assert isinstance(model, HfModel)
    return model


def asked(model: Model, queries: list[Query]) -> list[Answer]:
    found = dict(model.answers(queries))
    return [found[index] for index in range(len(queries))]


def test_pickled_weights_only_when_asked_for(
    tiny_checkpoint: Callable[[str], Path], tmp_path: Path, queries: Queries, caplog: pytest.LogCaptureFixture
) -> None:
    import torch
    from safetensors.torch import load_file

    folder = shutil.copytree(tiny_checkpoint("llava"), tmp_path / "pickled")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="weights=pickle"):
        opened(folder)
    pickled = opened(folder, "weights=pickle")
    assert pickled.fingerprint["weights"] == "pickle"
    asking = queries(hows=("choose",))
    assert asked(pickled, asking) == asked(opened(tiny_checkpoint("llava")), asking)
    assert "less safe" in caplog.text


def test_a_pickle_that_would_run_code_is_refused(tiny_checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
    import pickle

    folder = shutil.copytree(tiny_checkpoint("llava"), tmp_path / "evil")
    (folder / "model.safetensors").unlink()
    target = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> Any:
            return Path.touch, (target,)

    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"x": Evil()}, protocol=2))
    with pytest.raises(InputError, match="cannot be loaded"):
        asked(opened(folder, "weights=pickle"), [Query(ask("Which?"), OPTIONS, "choose")])
    assert not target.exists()


def test_a_peft_adapter_changes_answers_and_fingerprint(
    tiny_checkpoint: Callable[[str], Path], tmp_path: Path, queries: Queries
) -> None:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForImageTextToText

    base = AutoModelForImageTextToText.from_pretrained(tiny_checkpoint("llava"))
    adapted = get_peft_model(base, LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False))
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora" in name:
                weight.normal_(generator=torch.Generator().manual_seed(1))
    adapted.save_pretrained(tmp_path / "adapter")
    asking = queries()
    plain, with_adapter = opened(tiny_checkpoint("llava")), opened(tiny_checkpoint("llava"), f"peft={tmp_path}/adapter")
    assert plain.fingerprint != with_adapter.fingerprint
    found = asked(with_adapter, asking)
    assert all(answer.status != "error" for answer in found)
    assert found != asked(plain, asking)
    for query, answer in zip(asking, found, strict=True):
        (alone,) = asked(with_adapter, [query])
        assert alone.text == answer.text
        assert alone.option_logprobs == pytest.approx(answer.option_logprobs, abs=1e-4)


def test_weights_that_would_be_random_are_an_error(tiny_checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny_checkpoint("llava"), tmp_path / "holes")
    weights = load_file(folder / "model.safetensors")
    gone = next(name for name in weights if "q_proj" in name)
    save_file({name: value for name, value in weights.items() if name != gone}, folder / "model.safetensors")
    with pytest.raises(InputError, match="missing"):
        asked(opened(folder), [Query(ask("Which?"), OPTIONS, "choose")])


def test_constructing_imports_no_torch(tiny_checkpoint: Callable[[str], Path]) -> None:
    code = (
        "import sys; from audit.models.table import open_model; m = open_model(sys.argv[1]); m.capabilities, m.spec\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules\n"
        "m.fingerprint; print('torch' in sys.modules)"
    )
    spec = f"hf:{tiny_checkpoint('llava')}?device=cpu"
    done = subprocess.run([sys.executable, "-c", code, spec], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"
