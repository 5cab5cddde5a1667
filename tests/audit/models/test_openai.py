"""The openai adapter against a scripted server: answers, limits, retries, refusals, hostile replies, secrets."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Remote, is_lookup
from audit.core.query import Decoding, Option, Query, answer_key, ask
from audit.models.endpoint import read_endpoint
from audit.models.openai import OpenAIModel, open_openai
from audit.models.spec import parse_spec
from audit.models.table import open_model

_FILE = Path(__file__).parents[2] / "fake_server.py"
_SPEC = importlib.util.spec_from_file_location("medaudit_fake_server", _FILE)
fake_server = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = fake_server
_SPEC.loader.exec_module(fake_server)

AB = (Option("A", "a cat"), Option("B", "a dog"))
SECRET = "q7Zp-hidden-key-0042"


@pytest.fixture
def server():
    """A scripted server on a free loopback port."""
    with fake_server.serving() as running:
        yield running


@pytest.fixture
def raw():
    """A reply of any status, headers and body."""
    return fake_server.reply


@pytest.fixture
def say():
    """A reply that holds a chat completion with this text."""
    return lambda *args, **kwargs: fake_server.reply(fake_server.completion(*args, **kwargs))


@pytest.fixture
def hang(say):
    """A reply that comes only after two seconds."""

    def wait():
        time.sleep(2.0)
        return say("late")

    return wait


def picture(value: int = 9) -> Image:
    return Image.of(np.arange(value, value + 12, dtype=np.uint8).reshape(3, 4))


def query(text: str = "Which?", how: str = "choose", **more: object) -> Query:
    return Query(ask(picture(), text), options=AB, how=how, **more)


def opened(server, settings: str = "", waits: list[float] | None = None) -> OpenAIModel:
    """The model, with waiting written down rather than done."""

    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    spec = parse_spec(server.spec(settings))
    return OpenAIModel(spec, read_endpoint(spec), sleep)


def all_of(model: OpenAIModel, queries: list[Query]) -> list[Answer]:
    found = dict(model.answers(queries))
    assert sorted(found) == list(range(len(queries)))
    return [found[index] for index in range(len(queries))]


def one(model: OpenAIModel, asked: Query | None = None) -> Answer:
    return all_of(model, [asked or query()])[0]


def tokens(*entries: tuple[str, dict[str, float]]) -> dict:
    listed = [
        {
            "token": text,
            "logprob": top.get(text, -9999.0),
            "top_logprobs": [{"token": t, "logprob": p} for t, p in top.items()],
        }
        for text, top in entries
    ]
    return {"content": listed}


def test_it_is_a_remote_model_and_knows_its_host(server) -> None:
    model = open_model(server.spec())
    assert not is_lookup(model)
    assert isinstance(model, Remote)
    assert model.host == "127.0.0.1"
    assert model.capabilities == {"generate", "choose"}
    assert not server.bodies, "opening a model must not call it"


def test_the_request_says_what_the_query_says(server) -> None:
    decoding = Decoding(max_new_tokens=5, stop=("\n",))
    one(opened(server), Query(ask("Look", picture(), "What?", system="Be brief."), decoding=decoding))
    (body,) = server.bodies
    assert body["model"] == "m"
    assert (body["max_tokens"], body["temperature"], body["stop"]) == (5, 0.0, ["\n"])
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    look, image, what = body["messages"][1]["content"]
    assert (look["text"], what["text"]) == ("Look", "What?")
    head, _, data = image["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    sent = PIL.Image.open(io.BytesIO(base64.b64decode(data)))
    assert np.array_equal(np.asarray(sent), picture().pixels)
    assert not sent.info
    assert "logprobs" not in body
    assert "seed" not in body


def test_request_fields_are_data(server) -> None:
    settings = "max_completion_tokens&omit=temperature,logprobs&reasoning_effort=low&seed=3&reasoning_tokens=100"
    one(opened(server, settings))
    (body,) = server.bodies
    assert body.keys() == {"model", "messages", "max_completion_tokens", "reasoning_effort", "seed"}
    assert (body["max_completion_tokens"], body["seed"], body["reasoning_effort"]) == (164, 3, "low")


def test_samples_are_new_draws(server) -> None:
    hot = Decoding(temperature=1.0, top_p=0.9)
    all_of(opened(server), [query(how="generate", decoding=hot, sample=n) for n in range(3)])
    assert len({body["seed"] for body in server.bodies}) == 3
    assert {body["top_p"] for body in server.bodies} == {0.9}


def test_log_probabilities_join_variants_and_normalise(server, say) -> None:
    top = {" A": np.log(0.3), "A": np.log(0.3), "B": np.log(0.2), "The": np.log(0.1)}
    server.script = lambda body, number: say(" A", "length", choice_logprobs=tokens((" A", top)))
    answer = one(opened(server))
    assert server.bodies[0]["top_logprobs"] == 20
    assert answer.option_logprobs == pytest.approx({"A": np.log(0.75), "B": np.log(0.25)})
    assert (answer.status, answer.notes, answer.text) == ("ok", (), " A")
    assert (answer.prompt_tokens, answer.new_tokens) == (7, 2)


def test_an_option_that_was_not_returned_is_missing(server, say) -> None:
    server.script = lambda body, number: say("A", choice_logprobs=tokens(("A", {"A": -0.1, "C": -3.0, "B": -9999.0})))
    answer = one(opened(server))
    assert answer.option_logprobs == {"A": 0.0}
    assert answer.notes == ("truncated_logprobs",)


def test_without_log_probabilities_the_text_is_kept(server, say) -> None:
    server.script = lambda body, number: say("The answer is B.")
    answer = one(opened(server))
    assert (answer.text, answer.option_logprobs, answer.notes) == ("The answer is B.", {}, ("logprobs_missing",))


def test_log_probabilities_are_read_after_the_reasoning(server, say) -> None:
    parts = [("<think>", {"<think>": -0.1}), ("A or B", {"A or B": -0.1}), ("</think>", {"</think>": -0.1})]
    parts += [("\n", {"\n": -0.1}), ("B", {"B": np.log(0.9), "A": np.log(0.1)})]
    server.script = lambda body, number: say("<think>A or B</think>\nB", choice_logprobs=tokens(*parts))
    answer = one(opened(server))
    assert answer.reasoning == "A or B"
    assert answer.text == "B"
    assert answer.option_logprobs == pytest.approx({"A": np.log(0.1), "B": np.log(0.9)})


@pytest.mark.parametrize(
    ("text", "finish", "extra", "expected"),
    [
        ("half an ans", "length", {}, "truncated"),
        ("<think>I wonder", "stop", {}, "truncated"),
        (None, "content_filter", {}, "refused"),
        (None, "stop", {"refusal": "I cannot help."}, "refused"),
        ("A", "stop", {}, "ok"),
        (None, "length", {"reasoning_content": "hm"}, "truncated"),
    ],
)
def test_statuses(server, say, text, finish, extra, expected) -> None:
    server.script = lambda body, number: say(text, finish, **extra)
    answer = one(opened(server), query(how="generate"))
    assert answer.status == expected
    assert answer.text == {"I cannot help.": "I cannot help."}.get(extra.get("refusal", ""), answer.text)
    assert answer.reasoning == {"truncated": answer.reasoning}.get(expected, "")


def test_reasoning_in_a_field_of_its_own_is_kept_apart(server, say) -> None:
    server.script = lambda body, number: say("B", reasoning_content="first A, then B")
    answer = one(opened(server), query(how="generate"))
    assert (answer.reasoning, answer.text, answer.status) == ("first A, then B", "B", "ok")


def test_a_filter_that_answers_400_is_a_refusal(server, raw) -> None:
    server.script = lambda body, number: raw({"error": {"message": "filtered", "code": "content_filter"}}, 400)
    assert one(opened(server)).status == "refused"


def test_a_prefix_is_put_at_the_end_of_the_question_and_noted(server) -> None:
    answer = one(opened(server), query(how="generate", prefix="Answer:"))
    assert server.bodies[0]["messages"][-1]["content"][-1]["text"] == "Answer:"
    assert "prefix_in_question" in answer.notes


def test_429_honours_retry_after_in_seconds_and_as_a_date(server, raw, say) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    replies = {1: raw({}, 429, Retry_After="7"), 2: raw({}, 503, Retry_After=date)}
    server.script = lambda body, number: replies.get(number) or say("fine")
    waits: list[float] = []
    assert one(opened(server, waits=waits)).text == "fine"
    assert waits[0] == 7.0
    assert 80 < waits[1] <= 90


def test_500_is_tried_again_and_given_up_in_the_end(server, raw, say) -> None:
    server.script = lambda body, number: raw({"error": {"message": "overloaded"}}, 500) if number < 3 else say("fine")
    waits: list[float] = []
    assert one(opened(server, waits=waits)).text == "fine"
    assert len(waits) == 2
    assert waits[1] > waits[0]
    server.script = lambda body, number: raw({"error": {"message": "overloaded"}}, 500)
    answer = one(opened(server, "attempts=3"))
    assert answer.status == "error"
    assert "overloaded" in answer.detail
    assert "3 attempts" in answer.detail
    assert len(server.bodies) == 3 + 3


def test_the_same_call_waits_equally_long_each_time(server, raw) -> None:
    server.script = lambda body, number: raw({}, 500)
    first, second = [], []
    one(opened(server, waits=first))
    one(opened(server, waits=second))
    assert first == second
    assert len(first) == 4


def test_a_long_wait_is_not_waited(server, raw) -> None:
    server.script = lambda body, number: raw({}, 429, Retry_After="86400")
    waits: list[float] = []
    assert "86400" in one(opened(server, waits=waits)).detail
    assert not waits


def test_a_hanging_server_is_a_failed_query(server, hang) -> None:
    server.script = lambda body, number: hang()
    answer = one(opened(server, "attempts=1&timeout=1"))
    assert answer.status == "error"
    assert "1 s" in answer.detail or "Timeout" in answer.detail


def test_a_server_that_stopped_answering_is_not_asked_for_ever(server, raw) -> None:
    server.script = lambda body, number: raw({}, 503)
    found = all_of(opened(server, "attempts=2&concurrency=2"), [query(f"q{n}") for n in range(60)])
    assert {answer.status for answer in found} == {"error"}
    assert len(server.bodies) < 30
    assert "stopped answering" in found[-1].detail


def test_no_server_at_all() -> None:
    model = open_openai(parse_spec("openai:m@http://127.0.0.1:9/v1?attempts=1"))
    assert "Connect" in one(model).detail


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b"{}",
        b'{"choices":[]}',
        b'{"choices":[{"message":null}]}',
        b"\xff\xfe\x00",
        b'{"choices":[{"message":{"content":17}}]}',
        b"[" * 100_000,
        b'{"error":{"message":"quota"}}',
        b"null",
        b'{"choices":"A"}',
        b'{"choices":[{"message":{"content":"a"},"logprobs":{"content":[1,null]}',
    ],
)
def test_garbage_is_a_failed_query_not_a_crash(server, raw, body) -> None:
    server.script = lambda _body, number: (200, {"Content-Type": "text/html"}, body)
    answer = one(opened(server))
    assert answer.status == "error"
    assert "\n" not in answer.detail
    assert len(answer.detail) < 500


@pytest.mark.parametrize(
    "logprobs",
    [
        3,
        {"content": 3},
        {"content": [{}]},
        {"content": [{"token": 1, "logprob": "x", "top_logprobs": 2}]},
        {"content": [{"token": "A", "logprob": float("nan"), "top_logprobs": [{"token": "B", "logprob": True}, None]}]},
    ],
)
def test_garbage_log_probabilities_leave_the_text(server, say, logprobs) -> None:
    server.script = lambda body, number: say("A", choice_logprobs=logprobs)
    answer = one(opened(server))
    assert (answer.status, answer.text, answer.option_logprobs) == ("ok", "A", {})


def test_a_wrong_content_type_does_not_matter(server, say) -> None:
    server.script = lambda body, number: (200, {"Content-Type": "text/plain"}, say("A")[2])
    assert one(opened(server)).text == "A"


def test_long_and_hostile_text_comes_through_unchanged(server, say) -> None:
    text = "<script>alert(1)</script>" + "x" * 1_000_000
    server.script = lambda body, number: say(text)
    assert one(opened(server), query(how="generate")).text == text


def test_half_a_surrogate_pair_can_be_stored(server) -> None:
    body = b'{"choices":[{"message":{"content":"a\\ud800b"}}]}'
    server.script = lambda _body, number: (200, {}, body)
    assert one(opened(server), query(how="generate")).text.encode("utf-8").decode() == "a\ufffdb"


def test_a_reply_beyond_the_limit_is_cut_off(server, say, monkeypatch) -> None:
    monkeypatch.setattr("audit.models.call.MAX_BODY", 1000)
    monkeypatch.setattr("audit.models.openai.MAX_BODY", 1000)
    server.script = lambda body, number: say("x" * 5000)
    assert "larger" in one(opened(server)).detail


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (400, {"error": {"message": "Unsupported value: 'temperature' does not support 0"}}, "?omit=temperature"),
        (
            400,
            {"error": {"message": "'max_tokens' is not supported. Use 'max_completion_tokens'"}},
            "max_tokens_field=max_completion_tokens",
        ),
        (422, {"detail": "Unexpected fields in the request: {'top_logprobs'}"}, "?omit=top_logprobs"),
        (401, {"error": {"message": "Incorrect API key"}}, "key_env"),
        (403, {"error": "forbidden"}, "key_env"),
        (404, {"error": {"message": "The model m does not exist"}}, "/v1"),
        (307, {}, "address"),
    ],
)
def test_what_no_repetition_mends_stops_at_the_first_call(server, raw, status, body, remedy) -> None:
    server.script = lambda _body, number: raw(body, status, Location="http://elsewhere.example/v1")
    with pytest.raises(InputError) as caught:
        list(opened(server).answers([query(f"q{n}") for n in range(20)]))
    assert len(server.bodies) == 1
    assert remedy in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_400_for_one_query_alone_is_that_querys_failure(server, raw, say) -> None:
    long = "context"
    server.script = lambda body, number: raw({"error": "too long"}, 400) if long in json.dumps(body) else say("A")
    found = all_of(opened(server), [query("fine"), query(long), query("fine too")])
    assert [answer.status for answer in found] == ["ok", "error", "ok"]
    assert "too long" in found[1].detail


def test_an_unreadable_image_is_that_querys_failure(server) -> None:
    class Torn(Image):
        def __init__(self) -> None:
            super().__init__(self._torn)

        @property
        def sha256(self) -> str:
            return "0" * 64

        def _torn(self):
            raise InputError("truncated", path="x.png")

    found = all_of(opened(server), [Query(ask(Torn(), "What?")), query()])
    assert [answer.status for answer in found] == ["error", "ok"]
    assert len(server.bodies) == 1


@pytest.mark.parametrize("bound", [1, 3])
def test_concurrency_is_bounded_and_used(server, say, bound) -> None:
    def slow(body, number):
        time.sleep(0.03)
        return say(body["messages"][0]["content"][1]["text"])

    server.script = slow
    queries = [query(f"q{n}") for n in range(12)]
    found = all_of(opened(server, f"concurrency={bound}"), queries)
    assert [answer.text for answer in found] == [f"q{n}" for n in range(12)]
    assert server.most_in_flight == bound
    assert len(server.connections) <= bound, "connections must be used again"


def test_throughput(server) -> None:
    rates = []
    for _ in range(3):
        start = time.monotonic()
        all_of(opened(server), [query(f"q{n}") for n in range(200)])
        rates.append(200 / (time.monotonic() - start))
    assert max(rates) > 50


def test_nothing_is_lost_when_the_consumer_stops(server, say) -> None:
    server.script = lambda body, number: say(body["messages"][0]["content"][1]["text"])
    queries = [query(f"q{n}") for n in range(30)]
    model = opened(server, "concurrency=4")
    got: dict[int, Answer] = {}
    for index, answer in model.answers(queries):
        got[index] = answer
        if len(got) == 5:
            time.sleep(0.3)
            break
    asked_before = len(server.bodies)
    rest = [query for index, query in enumerate(queries) if index not in got]
    texts = {answer.text for answer in got.values()} | {answer.text for _, answer in model.answers(rest)}
    assert texts == {f"q{n}" for n in range(30)}
    assert asked_before > 5
    assert len(server.bodies) == 30, "an answer that had come was asked for again"
    assert not [thread for thread in threading.enumerate() if thread.name == "medaudit-calls"]


def test_the_key_goes_to_the_server_and_nowhere_else(server, raw, monkeypatch) -> None:
    monkeypatch.setenv("CLINIC_KEY", SECRET)
    server.script = lambda body, number: raw({"error": {"message": f"bad key {SECRET}"}}, 500 if number < 3 else 401)
    model = opened(server, "key_env=CLINIC_KEY&attempts=2")
    answer = one(model)
    assert server.headers[0]["Authorization"] == f"Bearer {SECRET}"
    with pytest.raises(InputError) as caught:
        one(model)
    shown = [
        repr(model),
        model.spec,
        json.dumps(model.fingerprint),
        answer.detail,
        str(caught.value),
        repr(model._endpoint),
    ]
    assert not [text for text in shown if SECRET in text]
    assert answer.status == "error"


def test_the_openai_key_is_not_sent_to_others(server, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    one(opened(server))
    assert "Authorization" not in server.headers[0]
    assert read_endpoint(parse_spec("openai:m@https://api.openai.com/v1")).key_env == "OPENAI_API_KEY"


def test_credentials_in_the_address_are_used_and_never_shown(server) -> None:
    spec = parse_spec(f"openai:m@http://anna:{SECRET}@127.0.0.1:{server.port}/v1")
    model = open_openai(spec)
    one(model)
    assert server.headers[0]["Authorization"] == "Basic " + base64.b64encode(f"anna:{SECRET}".encode()).decode()
    assert SECRET not in model.spec + json.dumps(model.fingerprint) + repr(vars(model))
    assert model.fingerprint["url"] == f"http://127.0.0.1:{server.port}/v1"


def test_fingerprint_is_stable_and_says_what_is_served(server, raw, monkeypatch) -> None:
    monkeypatch.setattr("audit.models.served.ATTEMPTS", 1)
    first = opened(server).fingerprint
    server.models = raw({"data": [{"id": "m", "owned_by": "us", "created": 999, "permission": [{"id": "x"}]}]})
    assert opened(server).fingerprint == first
    assert first["reported"] == {"owned_by": "us"}
    server.models = raw({"data": [{"id": "m", "owned_by": "them"}]})
    asked = query()
    assert answer_key(asked, opened(server).fingerprint) != answer_key(asked, first)
    assert answer_key(asked, opened(server, "omit=top_p").fingerprint) != answer_key(asked, first)
    assert opened(server, "concurrency=2&attempts=1").fingerprint == opened(server).fingerprint
    for status in (404, 401, 500):
        server.models = raw({}, status)
        assert opened(server).fingerprint["reported"] == {}
    server.models = raw({}, 503)
    with pytest.raises(InputError, match="503"):
        _ = opened(server).fingerprint


def test_a_fingerprint_needs_a_server(monkeypatch) -> None:
    monkeypatch.setattr("audit.models.served.ATTEMPTS", 1)
    with pytest.raises(InputError, match="start the server"):
        _ = open_openai(parse_spec("openai:m@http://127.0.0.1:9/v1")).fingerprint


def test_a_server_that_changes_is_noted(server) -> None:
    def script(body, number):
        name = "fp_1" if number < 3 else "fp_2"
        data = {"choices": [{"message": {"content": "A"}}], "system_fingerprint": name}
        return 200, {}, json.dumps(data).encode()

    server.script = script
    found = all_of(opened(server, "concurrency=1"), [query(f"q{n}", how="generate") for n in range(4)])
    assert ["server_changed" in answer.notes for answer in found] == [False, False, True, True]


@pytest.mark.parametrize(
    "spec",
    [
        "openai:m",
        "openai:m@localhost:80",
        "openai:@http://h/v1",
        "openai:m@http:///v1",
        "openai:m@http://h:99999/v1",
        "openai:m@http://h/v1?omit=messages",
        "openai:m@http://h/v1?temprature=1",
        "openai:m@http://h/v1?concurrency=0",
        "openai:m@http://h/v1?key_env=NO_SUCH_VARIABLE_HERE",
        "openai:m@http://h/v1?max_tokens_field=tokens",
    ],
)
def test_a_wrong_spec_is_one_clear_line(spec) -> None:
    with pytest.raises(InputError) as caught:
        open_model(spec)
    assert "\n" not in str(caught.value)


def test_a_key_typed_for_its_variable_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        open_model("openai:m@http://h/v1?key_env=sk-abcdefgh12345678")
    assert "abcdefgh" not in str(caught.value)


def test_model_names_may_be_paths_and_hold_an_at() -> None:
    endpoint = read_endpoint(parse_spec("openai:/models/tiny@main@http://localhost:8000/v1/"))
    assert (endpoint.model, endpoint.url, endpoint.host) == (
        "/models/tiny@main",
        "http://localhost:8000/v1",
        "localhost",
    )
    assert read_endpoint(parse_spec("openai:m@http://[::1]:80/v1")).url == "http://[::1]:80/v1"


def test_no_torch_over_http(server, tmp_path) -> None:
    code = f"""
import sys
for name in ("torch", "transformers"): sys.modules[name] = None
import audit.models.replay, audit.models.python, audit.models.control, audit.models.export, audit.models.canary
from audit.core.query import Query, ask
from audit.models.table import open_model
model = open_model({server.spec()!r})
model.fingerprint
print(dict(model.answers([Query(ask("hi"))]))[0].text)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "A", done.stderr
