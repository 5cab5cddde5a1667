"""Prompts under templates that differ in what they take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from jinja2 import Environment

from audit.core.image import Image
from audit.core.query import Message, Query, ask
from audit.models.hf_vlm.formats import format_names, prompt_format
from audit.models.hf_vlm.prompts import Template, close_reasoning, content_free
from audit.models.reasoning import NAMED

IMAGE = Image.of(np.zeros((2, 2), dtype=np.uint8))

TEXT_ONLY = "{% for m in messages %}{{ m['role'] + '|' + m['content'] + '\n' }}{% endfor %}bot|"
PARTS = (
    "{% for m in messages %}{{ m['role'] + '|' }}{% for c in m['content'] %}"
    "{{ '<image>' if c['type'] == 'image' else c['text'] }}{% endfor %}{{ '\n' }}{% endfor %}bot|"
)
DEAF = (  # passes over system turns in silence
    "{% for m in messages if m['role'] != 'system' %}{{ m['role'] + '|' }}{% for c in m['content'] %}"
    "{{ '<image>' if c['type'] == 'image' else c['text'] }}{% endfor %}{{ '\n' }}{% endfor %}bot|"
)


def template(source: str) -> Template:
    def raise_exception(message: str) -> None:
        raise ValueError(message)

    def render(conversation: list[dict[str, Any]]) -> str:
        names = {"image_token": "<image>", "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True}
        compiled = Environment().from_string(source)
        return compiled.render(messages=conversation, raise_exception=raise_exception, **names)

    return Template(render, "<image>")


def test_parts_stay_in_order() -> None:
    prompt = template(PARTS).prompt(ask("Look", IMAGE, "and", "tell", system="Be brief."))
    assert prompt.text == "system|Be brief.\nuser|Look<image>and\ntell\nbot|"
    assert prompt.images == (IMAGE,)
    assert prompt.notes == ()


def test_a_template_for_plain_text_gets_placeholders() -> None:
    prompt = template(TEXT_ONLY).prompt(ask("Look", IMAGE, "and tell", system="Be brief."))
    assert prompt.text == "system|Be brief.\nuser|Look\n<image>\nand tell\nbot|"


def test_a_template_that_drops_system_turns_gets_them_in_the_user_turn() -> None:
    prompt = template(DEAF).prompt(ask("Tell", system="Be brief."))
    assert prompt.text == "user|Be brief.\n\nTell\nbot|"
    assert prompt.notes == ("system_in_user",)


def test_a_template_that_shows_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="template"):
        template("hello")


def test_a_prefix_begins_the_models_turn_and_so_does_a_last_assistant_turn() -> None:
    messages = (*ask("Tell"), Message("assistant", ("The answer",)))
    assert template(PARTS).prompt(messages, " is").text == "user|Tell\nbot|The answer is"


def test_a_placeholder_in_a_text_is_refused() -> None:
    for messages, prefix in ((ask("an <image> here"), ""), (ask("x"), "<image>")):
        with pytest.raises(ValueError, match="placeholder"):
            template(PARTS).prompt(messages, prefix)


@pytest.mark.parametrize("name", format_names())
def test_every_named_format_shows_text_images_and_system(name: str) -> None:
    found = template(prompt_format(name))
    assert found.lists
    prompt = found.prompt(ask(IMAGE, "Which one?", IMAGE, system="Be brief."))
    assert prompt.text.count("<image>") == 2
    assert "Which one?" in prompt.text
    assert "Be brief." in prompt.text
    shots = (*ask("one"), Message("assistant", ("two",)), Message("user", ("three",)))
    text = found.prompt(shots).text
    assert text.index("one") < text.index("two") < text.index("three")


def test_reasoning_that_the_template_opened_is_closed() -> None:
    prompt = template(PARTS + "<think>\n").prompt(ask("Tell"), "Answer:")
    assert prompt.block == NAMED["think"]
    closed = close_reasoning(prompt, None, "Answer:")
    assert closed.text == "user|Tell\nbot|<think>\n\n</think>\n\nAnswer:"
    assert closed.notes == ("reasoning_closed",)


def test_declared_reasoning_is_skipped_by_an_empty_block() -> None:
    prompt = template(PARTS).prompt(ask("Tell"))
    assert close_reasoning(prompt, None, "") == prompt
    assert close_reasoning(prompt, NAMED["think"], "").text == "user|Tell\nbot|<think>\n\n</think>\n\n"


def test_a_question_that_speaks_of_reasoning_opens_none() -> None:
    assert template(PARTS).prompt(ask("Put it in <think> tags.")).block is None


def test_a_prefix_that_ends_reasoning_is_left_alone() -> None:
    prefix = "</think>Answer:"
    for source in (PARTS, PARTS + "<think>"):
        prompt = template(source).prompt(ask("Tell"), prefix)
        assert close_reasoning(prompt, NAMED["think"], prefix) == prompt


def test_the_content_free_query_keeps_all_but_images_and_question() -> None:
    messages = (
        Message("system", ("Be brief.",)),
        Message("user", (IMAGE, "first")),
        Message("assistant", ("a liver",)),
        Message("user", (IMAGE, "second")),
    )
    blank = content_free(Query(messages, prefix="It is"))
    assert [turn.text for turn in blank.messages] == ["Be brief.", "first", "a liver", ""]
    assert blank.images == ()
    assert blank.prefix == "It is"
