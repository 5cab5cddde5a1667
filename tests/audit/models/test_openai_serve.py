"""The openai adapter against a server that we did not write: `transformers serve` with a tiny checkpoint."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.query import Decoding, Option, Query, ask
from audit.models.table import open_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("fastapi") is None or importlib.util.find_spec("uvicorn") is None,
        reason="the serving extra of transformers is not installed",
    ),
]
SHORT = Decoding(max_new_tokens=6)
AB = (Option("A", "a chest x-ray"), Option("B", "a liver"))


def picture(seed: int) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (40, 48), dtype=np.uint8))


@pytest.fixture(scope="module")
def served(tiny_checkpoint: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The spec of a tiny checkpoint behind a running server."""
    folder = tiny_checkpoint("llava")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log.txt"
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder), "--port", str(port)]
    command += ["--host", "127.0.0.1", "--device", "cpu", "--dtype", "float32"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env={**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
        )
        try:
            _wait(process, port, log)
            yield f"openai:{folder}@http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    pytest.fail(f"transformers serve did not start:\n{log.read_text()[-2000:]}")


def test_it_answers_about_images_and_says_the_same_again(served: str) -> None:
    model = open_model(served)
    queries = [Query(ask(*[picture(n) for n in range(k)], "Which one?"), decoding=SHORT) for k in (0, 1, 2)]
    first = dict(model.answers(queries))
    assert sorted(first) == [0, 1, 2]
    assert {answer.status for answer in first.values()} <= {"ok", "truncated"}
    assert all(answer.new_tokens and answer.new_tokens <= 6 for answer in first.values())
    assert first[0].prompt_tokens < first[1].prompt_tokens < first[2].prompt_tokens, "the images did not arrive"
    again = dict(open_model(served).answers(queries))
    assert [again[n].text for n in range(3)] == [first[n].text for n in range(3)]


def test_choose_falls_back_to_text(served: str) -> None:
    query = Query(ask(picture(1), "A or B?"), AB, how="choose", decoding=SHORT)
    answer = dict(open_model(served).answers([query]))[0]
    assert answer.option_logprobs == {}
    assert answer.notes == ("logprobs_missing",)
    assert answer.status in ("ok", "truncated")


def test_the_fingerprint_can_be_taken(served: str) -> None:
    fingerprint = open_model(served).fingerprint
    assert fingerprint["adapter"] == "openai"
    assert fingerprint["reported"] == {}


def test_another_name_stops_at_the_first_call(served: str) -> None:
    wrong = "openai:somebody/else" + served[served.rindex("@") :]
    with pytest.raises(InputError, match="somebody/else"):
        list(open_model(wrong).answers([Query(ask("hello"), decoding=SHORT)] * 5))
