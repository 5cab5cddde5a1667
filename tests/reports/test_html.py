"""The page: complete, inert, accessible, and the same bytes for the same digest."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from audit.core.finding import Finding
from reports.digest import build_digest
from reports.html import _environment, _printable, render

TEMPLATES = Path(__file__).parents[2] / "reports/templates"
VOID = {"meta", "img", "input", "br", "hr", "link"}


class Page(HTMLParser):
    """What a browser would see: elements with attributes, text, whether everything is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is out of order"

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(data for tag, data in self.texts if tag not in ("style", "script"))


@pytest.fixture(scope="module", params=["plain", "hostile", "bare"])
def page(request: pytest.FixtureRequest, page_of) -> Page:
    how: dict[str, dict[str, bool]] = {
        "plain": {},
        "hostile": {"hostile": True},
        "bare": {"base": False, "images": False},
    }
    return Page(page_of(**how[request.param]))


def empty(make_digest) -> Any:
    run = {**make_digest()["run"], "models": [], "data": [], "reasons": [], "differences": [], "verdict": "incomplete"}
    return build_digest(run={**run, "suite": None, "versions": {}})  # type: ignore[typeddict-item, arg-type]


def test_every_element_is_closed(page: Page) -> None:
    assert page.open == []


def test_nothing_is_fetched(page: Page) -> None:
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href", "background"):
            value = attributes.get(name) or ""
            assert value == "" or value.startswith(("#", "data:image/png;base64,")), (tag, name, value[:80])
    css = "".join(data for tag, data in page.texts if tag == "style")
    assert not re.search(r"url\(|@import", css)
    assert not {tag for tag, _ in page.elements} & {
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "audio",
        "video",
    }


def test_only_our_own_script_and_no_handlers(page: Page) -> None:
    assert len(page.all("script")) == 1
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_the_content_policy_allows_this_page_and_nothing_else(page: Page) -> None:
    (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        body = "".join(data for where, data in page.texts if where == tag)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_no_number_that_nobody_formatted(page: Page) -> None:
    assert not re.search(r"\b(None|NaN|nan|inf|Undefined|True|False(?![ -]alarm))\b", page.text)
    assert not re.search(r"\d\.\d{6,}", page.text)


def test_nothing_hidden_or_reordering_is_in_the_file(page_of) -> None:
    html = page_of(hostile=True)
    html.encode("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x0b-\x1f\x7f]", html)


def test_hostile_text_is_shown_as_text(page_of) -> None:
    page = Page(page_of(hostile=True))
    assert page.text.count('<script>alert("x")</script>') > 30
    assert "{{ 7*7 }} ${7*7} &lt;" in page.text
    assert "⟨U+202E⟩gnp.exe⟨U+202C⟩" in page.text


def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {link["href"][1:] for link in page.all("a") if link["href"]}  # type: ignore[index]
    named = {word for _, a in page.elements for word in (a.get("aria-labelledby") or "").split()}
    assert (targets | named) <= set(ids)


def test_pictures_have_alternatives_and_drawings_are_named_or_hidden(page: Page) -> None:
    assert all(len(picture.get("alt") or "") > 10 for picture in page.all("img"))
    for svg in page.all("svg"):
        assert svg.get("aria-hidden") == "true" or (svg.get("role") == "img" and svg.get("aria-labelledby"))


def test_tables_have_captions_and_scopes(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption")) > 0
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))


def test_landmarks_language_and_skip_link(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("main")) == len(page.all("nav")) == len(page.all("footer")) == 1
    first = page.all("a")[0]
    assert (first["class"], first["href"]) == ("skip", "#main")


def test_every_finding_is_an_anchor(make_digest, page_of) -> None:
    digest = make_digest()
    ids = [attributes.get("id") for _, attributes in Page(page_of()).elements]
    assert all(ids.count(f"finding-{finding['id']}") == 1 for finding in digest["findings"])


def test_the_verdict_comes_first_and_in_words(page_of) -> None:
    text = " ".join(Page(page_of()).text.split())
    order = [
        text.index(part)
        for part in (
            "Verdict: Fail",
            "about 22 of 100 (17 to 28) are called unfit",
            "What was not assessed",
            "No such probe yet".lower(),
            "40 findings",
            "Headline scores",
            "8 of 331 items",
            "Clean answers by outcome",
            "412 images usable",
            "Limitations",
            "Fingerprint of the model",
        )
    ]
    assert order == sorted(order)


def test_a_finding_shows_all_that_a_statistician_asks(page_of) -> None:
    html = page_of()
    card = Page(html[html.index('<article class="card is-fail"') : html.index("</article>")])
    text = " ".join(card.text.split())
    for part in (
        "Estimate 22.3%", "95% interval 17.1% to 27.5%", "Threshold at most 10.0%", "Adjusted interval 16.1% to 29.0%",
        "Items 344", "Clusters 112", "Not judged 41", "p < 0.001", "p, adjusted < 0.001",
        "Smallest effect in reach 10.4 points", "Base model 14.1% (10.1% to 18.1%)",
        "Difference from base +8.2 points (+3.2 to +13.2 points)", "Korn-Graubard", "v1_neg_0012",
    ):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("verdict", ["pass", "fail", "inconclusive", "incomplete", "info"])
def test_every_verdict_has_a_word_and_a_shape(make_digest, verdict: str) -> None:
    digest = copy.deepcopy(make_digest())
    digest["run"]["verdict"] = verdict
    html = render(digest)
    heading = html[html.index('id="verdict-title"') : html.index("</h2>")]
    assert "<svg" in heading
    assert re.search(r"(Pass|Fail|Inconclusive|Incomplete|For information)</span>", heading)


def test_shapes_differ_between_verdicts() -> None:
    template = _environment().from_string('{% from "macros.html.jinja" import mark with context %}{{ mark(kind) }}')
    shapes = {
        template.render(kind=kind, glossary={})
        for kind in ("pass", "fail", "inconclusive", "flag", "incomplete", "info")
    }
    assert len(shapes) == 6


def test_an_empty_run_renders(make_digest) -> None:
    page = Page(render(empty(make_digest)))
    assert page.open == []
    for words in (
        "Incomplete",
        "There are no findings",
        "There is nothing to plot",
        "No data were read",
        "No probe was asked for",
    ):
        assert words in page.text


def test_pictures_kept_out_are_said_to_be(make_digest) -> None:
    page = Page(render(make_digest(images=False)))
    assert page.all("img") == []
    assert "Pictures were kept out of this report." in page.text


def test_a_policy_changed_afterwards_is_said_on_top(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    digest["run"]["policy"]["fixed_before_run"] = False
    text = Page(render(digest)).text
    assert text.index("the verdict was not fixed in advance") < text.index("How to read this verdict")


def test_same_digest_same_bytes(make_digest, page_of) -> None:
    assert render(make_digest(hostile=True)) == page_of(hostile=True)


@pytest.mark.parametrize("value", [None, 0.5, True, float("nan"), [], {}])
def test_the_last_gate_refuses_what_nobody_formatted(value: object) -> None:
    with pytest.raises(TypeError, match="Expected text or a whole number"):
        _printable(value)


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="nowhere"):
        _environment().from_string("{{ nowhere }}").render()


@pytest.mark.parametrize("field", ["sentence", "differences", "policy"])
def test_a_missing_field_is_an_error(make_digest, field: str) -> None:
    digest = copy.deepcopy(make_digest())
    del digest["run"][field]
    with pytest.raises((UndefinedError, KeyError)):
        render(digest)


def test_endless_words_in_every_place_are_cut(make_digest, page_of) -> None:
    digest = copy.deepcopy(make_digest())
    endless = "w" * 1_000_000
    digest["run"]["title"] = digest["run"]["sentence"] = digest["probes"][0]["title"] = endless
    digest["findings"][0]["title"] = digest["findings"][0]["plain_words"] = endless
    digest["gallery"][0]["item"] = endless
    assert len(render(digest)) < len(page_of()) + 1_500_000


def test_large_audits_render_in_seconds(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    one = Finding("p", "Accuracy", "{value}", "p.m", "strict", "model", estimate=0.5, ci_low=0.4, ci_high=0.6)
    digest["findings"] += [replace(one, tags={"slice": str(n)}).plain() for n in range(2_000)]  # type: ignore[misc]
    digest["gallery"] = (digest["gallery"] * 63)[:500]
    start = time.process_time()
    html = render(digest)
    assert time.process_time() - start < 15  # about 2 s where nothing else runs
    assert html.count('id="finding-') == 2_040


def test_templates_hold_no_addresses_and_no_inline_styles() -> None:
    for path in TEMPLATES.iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"https?://|//[a-z]+\.", text.replace("// ", "")), path.name
        if path.suffix == ".jinja":
            assert not re.search(r"\sstyle=|\son[a-z]+=|\| ?safe", text), path.name
