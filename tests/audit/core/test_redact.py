"""Secrets never reach a screen or a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.core.redact import redact

SECRETS = {
    "https://user:hunter2@host/v1": "hunter2",
    "openai:m@http://x/v1?api_key=verysecret1&omit=a": "verysecret1",
    "Authorization: Bearer abcdefgh12345678": "abcdefgh12345678",
    "key sk-abcdefghijklmnopqrstuvwxyz": "sk-abcdef",
    "hf_abcdefghijklmnopqrstu is the token": "hf_abcdef",
}


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_taken_out(text: str) -> None:
    assert SECRETS[text] not in redact(text)


def test_the_rest_stays() -> None:
    assert redact("hf:/models/llava?dtype=bfloat16&device=cuda") == "hf:/models/llava?dtype=bfloat16&device=cuda"
    assert redact("openai:m@http://x/v1?api_key=abc&omit=a").endswith("&omit=a")


def test_the_home_folder_is_not_named() -> None:
    assert redact(f"{Path.home()}/data/x.csv") == "~/data/x.csv"


def test_an_error_is_one_line_that_names_place_and_remedy() -> None:
    error = InputError("Is\nbroken", path="a.csv", row=7, remedy="mend it")
    assert str(error) == "a.csv, row 7: Is broken (mend it)"
    assert error.exit_code == 2
