"""A user's own model: simple ones are wrapped, whole ones taken as they are, broken ones named with file and line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import is_lookup
from audit.core.query import Message, Option, Query, ask
from audit.models.table import open_model

AB = (Option("A", "cat"), Option("B", "dog"))
PICTURE = Image.of(np.full((2, 3), 7, np.uint16) * 256)
QUERY = Query(ask(PICTURE, "Which?", system="Brief."), AB, how="choose")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a module of the user's into their current folder; returns its name, new each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    names: list[str] = []

    def write(source: str) -> str:
        names.append(f"users_{tmp_path.name.replace('-', '_')}_{len(names)}")
        (tmp_path / f"{names[-1]}.py").write_text(source)
        return names[-1]

    return write


def answer(spec: str, query: Query = QUERY):
    model = open_model(spec)
    assert not is_lookup(model)
    ((index, found),) = model.answers([query])
    assert index == 0
    return found


def test_a_function_of_text_and_images(module) -> None:
    name = module(
        "def make(word='x'):\n"
        "    return lambda text, images: f'{word}|{text}|{images[0].size}|{images[0].getpixel((0, 0))}'"
    )
    found = answer(f"python:{name}:make?word=hello")
    assert found.text == "hello|Brief.\nWhich?|(3, 2)|(7, 7, 7)"
    assert (found.status, found.notes) == ("ok", ("logprobs_missing",))


def test_an_object_with_generate_and_choose(module) -> None:
    name = module(
        "class Make:\n"
        "    def generate(self, messages):\n"
        "        return '<think>hm</think>' + messages[-1]['content'][-1]['text']\n"
        "    def choose(self, messages, options):\n"
        "        return {'A': -1.0, 'B': -1.0} if options == {'A': 'cat', 'B': 'dog'} else {}\n"
    )
    found = answer(f"python:{name}:Make")
    assert found.option_logprobs == pytest.approx({"A": np.log(0.5), "B": np.log(0.5)})
    said = answer(f"python:{name}:Make", Query((Message("user", (PICTURE, "Say")),)))
    assert (said.text, said.reasoning) == ("Say", "hm")


@pytest.mark.parametrize(("said", "most"), [("1", 1), ("4", 4), ("None", None), ("0", None), ("'two'", None)])
def test_an_object_may_say_how_many_images_it_takes(module, said, most) -> None:
    name = module(
        f"class One:\n    most_images = {said}\n    def generate(self, messages):\n        return 'yes'\n"
        "def make():\n    return One()"
    )
    assert open_model(f"python:{name}:make").most_images == most


def test_a_whole_model_is_taken_as_it_is(module) -> None:
    name = module("from audit.models.guess import Random\ndef make(seed): return Random('mine', int(seed))")
    assert open_model(f"python:{name}:make?seed=4").fingerprint["seed"] == 4


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("None", "returned NoneType"),
        ("17", "returned int"),
        ("open('/nowhere/at/all')", "FileNotFoundError"),
    ],
)
def test_errors_of_the_users_code_fail_the_query_alone(module, body, why) -> None:
    name = module(
        f"def make():\n    def ask(text, images):\n        return 'fine' if 'ok' in text else {body}\n    return ask"
    )
    model = open_model(f"python:{name}:make")
    found = dict(model.answers([QUERY, Query(ask("ok"))]))
    assert (found[0].status, found[1].text) == ("error", "fine")
    assert why in found[0].detail
    assert "\n" not in found[0].detail


@pytest.mark.parametrize("given", ["{'A': 0.7}", "{'A': float('nan')}", "{'Z': -1.0}", "{}", "'A'", "{'A': 'high'}"])
def test_what_is_no_log_probability_fails_the_query(module, given) -> None:
    name = module(f"class Make:\n    def generate(self, m): return 'x'\n    def choose(self, m, o): return {given}")
    assert answer(f"python:{name}:Make").status == "error"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def make(:\n  pass", "SyntaxError"),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("def make():\n    raise RuntimeError('no licence')", "line 2"),
        ("def make():\n    return 3", "int"),
        ("other = 1", "make"),
        ("def make(needed): return str", "needed"),
    ],
)
def test_a_broken_module_or_factory_is_named(module, source, said) -> None:
    name = module(source)
    with pytest.raises(InputError) as caught:
        open_model(f"python:{name}:make")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_module_that_is_not_there(module) -> None:
    for spec in ("python:no.such.module:make", "python:json", "python::make"):
        with pytest.raises(InputError):
            open_model(spec)


def test_the_fingerprint_follows_the_file_the_settings_and_the_object(module) -> None:
    source = (
        "class Make:\n"
        "    def __init__(self, w='1', token=''): self.fingerprint = {'weights': w}\n"
        "    def generate(self, messages): return 'x'\n"
    )
    name, same, other = module(source), module(source), module(source + "# changed")
    prints = [open_model(f"python:{each}:Make").fingerprint for each in (name, same, other)]
    assert prints[0]["module_sha256"] == prints[1]["module_sha256"] != prints[2]["module_sha256"]
    assert open_model(f"python:{name}:Make?w=2").fingerprint["own"] == {"weights": "2"}
    secret = open_model(f"python:{name}:Make?token=hunter2")
    assert "hunter2" not in str(secret.fingerprint) + secret.spec


def test_the_message_points_at_the_users_file_only(module) -> None:
    with pytest.raises(InputError) as caught:
        open_model("python:no_such_module:make")
    assert str(caught.value).startswith(
        "The module 'no_such_module' cannot be imported: ModuleNotFoundError: No module"
    )
    assert ", line" not in str(caught.value)
    name = module("import nothing_of_that_name")
    with pytest.raises(InputError, match=rf"{name}\.py, line 1"):
        open_model(f"python:{name}:make")


def test_a_fingerprint_that_is_no_data_is_refused(module) -> None:
    name = module("class Make:\n    fingerprint = {1, 2}\n    def generate(self, messages): return 'x'")
    with pytest.raises(InputError, match="fingerprint"):
        open_model(f"python:{name}:Make")
