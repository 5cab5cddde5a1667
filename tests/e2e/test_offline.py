"""An offline run opens no connection, and an audit of stored answers or over HTTP imports no torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

GUARD = """
import socket, sys

def refuse(*args, **kwargs):
    raise AssertionError(f"a connection was opened: {{args[1:]!r}}")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse
BLOCK = {block!r}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCK:
            raise ImportError(f"{{name}} was imported")

sys.meta_path.insert(0, Blocker())
from medaudit.__main__ import main
sys.argv = ["medaudit", *{arguments!r}]
sys.exit(main())
"""


def guarded(tmp_path: Path, arguments: list[str], block: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    code = GUARD.format(block=block, arguments=arguments)
    environment = {key: value for key, value in os.environ.items() if key not in ("HF_HUB_OFFLINE",)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


def test_a_run_of_a_checkpoint_opens_no_connection(tmp_path: Path, tiny_checkpoint: Any, manifest: Any) -> None:
    command = ["run", "--probe", "medobvious", "--model", f"hf:{tiny_checkpoint('llava')}", "--limit", "8"]
    done = guarded(
        tmp_path, [*command, "--data", str(manifest(48)), "--set", "medobvious.panel=32", "--fail-on", "never"]
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "0 errors" in done.stdout


def test_a_replay_imports_no_torch(tmp_path: Path, official: Any, answers: Any) -> None:
    folder, rows = official(4)
    file = answers("a.jsonl", [{"id": row["id"], "answer": row["answer"]} for row in rows])
    command = ["run", "--probe", "medobvious", "--data", str(folder), "--model", f"replay:{file}", "--fail-on", "never"]
    done = guarded(tmp_path, command, ("torch", "transformers"))
    assert done.returncode == 0, done.stderr[-2000:]
