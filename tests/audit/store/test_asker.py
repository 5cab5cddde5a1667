"""The asker: each distinct query is asked once, errors are asked again, a killed run goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from audit.core.answer import Answer
from audit.core.item import Item, Request
from audit.core.model import Capability
from audit.core.query import Query, ask
from audit.store.asker import Asker
from audit.store.store import Store


class Echo:
    """Answers with the text of the query; fails on texts in `broken` as often as told."""

    def __init__(self, broken: dict[str, int] | None = None, name: str = "echo") -> None:
        self.asked: list[str] = []
        self.broken = dict(broken or {})
        self.name = name

    spec = "echo"
    capabilities: frozenset[Capability] = frozenset({"generate"})

    @property
    def fingerprint(self) -> Mapping[str, str]:
        return {"name": self.name}

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        for index in reversed(range(len(queries))):
            text = queries[index].text
            self.asked.append(text)
            if self.broken.get(text, 0) > 0:
                self.broken[text] -= 1
                yield index, Answer.failed("broken")
            else:
                yield index, Answer(text.upper())

    def close(self) -> None:
        """Nothing is held."""


def requests(*texts: str) -> list[Request]:
    made = []
    for number, text in enumerate(texts):
        query = Query(ask(text))
        made.append(Request(Item(f"{number}", "c", query, "A"), query))
    return made


def texts(answers: Sequence[Answer | None]) -> list[str]:
    return [answer.text if answer else "-" for answer in answers]


def test_answers_come_back_in_order_and_equal_queries_are_asked_once(tmp_path: Path) -> None:
    model = Echo()
    with Store(tmp_path / "s") as store:
        asked = Asker(store).ask(model, "model", "p", requests("a", "b", "a"))
    assert texts(asked.answers) == ["A", "B", "A"]
    assert sorted(model.asked) == ["a", "b"]
    assert (asked.n_calls, asked.n_stored) == (2, 0)


def test_nothing_is_asked_twice_over_runs(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store:
        Asker(store).ask(Echo(), "model", "p", requests("a", "b"))
    model = Echo()
    with Store(tmp_path / "s") as store:
        asked = Asker(store).ask(model, "model", "p", requests("a", "b", "c"))
    assert model.asked == ["c"]
    assert (asked.n_calls, asked.n_stored) == (1, 2)


def test_another_model_has_answers_of_its_own(tmp_path: Path) -> None:
    other = Echo(name="other")
    with Store(tmp_path / "s") as store:
        Asker(store).ask(Echo(), "model", "p", requests("a"))
        Asker(store).ask(other, "base", "p", requests("a"))
    assert other.asked == ["a"]


def test_an_error_is_asked_again_and_told_when_it_stays(tmp_path: Path) -> None:
    model = Echo(broken={"a": 1, "b": 9})
    with Store(tmp_path / "s") as store:
        asked = Asker(store, retries=1).ask(model, "model", "p", requests("a", "b", "c"))
        assert texts(asked.answers) == ["A", "", "C"]
        assert asked.n_errors == 1
        mended = Echo()
        asked = Asker(store).ask(mended, "model", "p", requests("a", "b", "c"))
    assert mended.asked == ["b"]
    assert asked.n_errors == 0


def test_a_query_that_the_adapter_forgets_is_an_error(tmp_path: Path) -> None:
    class Forgetful(Echo):
        def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
            yield 0, Answer("A")

    with Store(tmp_path / "s") as store:
        asked = Asker(store, retries=0).ask(Forgetful(), "model", "p", requests("a", "b"))
    assert asked.answers[1] is not None
    assert asked.answers[1].status == "error"


def test_the_cache_is_shared_between_runs(tmp_path: Path) -> None:
    with Store(tmp_path / "cache") as cache:
        with Store(tmp_path / "one") as store:
            Asker(store, cache).ask(Echo(), "model", "p", requests("a"))
        model = Echo()
        with Store(tmp_path / "two") as store:
            asked = Asker(store, cache).ask(model, "model", "p", requests("a"))
            assert store.count() == 1
    assert model.asked == []
    assert texts(asked.answers) == ["A"]


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Store(tmp_path / "s") as store:
        Asker(store, progress=lambda done, total: seen.append((done, total))).ask(
            Echo(), "model", "p", requests("a", "b", "b")
        )
    assert seen[0] == (0, 2)
    assert seen[-1] == (2, 2)


class Book:
    """A lookup with answers for some places."""

    spec = "book"
    capabilities: frozenset[Capability] = frozenset({"generate"})
    fingerprint: Mapping[str, str] = {"file": "x"}

    def conditions(self) -> frozenset[str]:
        return frozenset({"clean"})

    def look_up(self, wanted: Sequence[Request]) -> list[Answer | None]:
        return [Answer("A") if request.item.id == "0" else None for request in wanted]


def test_a_lookup_is_kept_and_what_it_lacks_stays_open(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as store:
        asked = Asker(store).ask(Book(), "model", "p", requests("a", "b"))
        assert asked.answers == (Answer("A"), None)
        assert [place for place, _ in store.places("model", "p")] == [("0", "clean", 0)]


WORKER = """
import sys, time
from pathlib import Path
sys.path[:0] = {paths!r}
from test_asker import Echo, requests
from audit.core.answer import Answer
from audit.store.asker import Asker
from audit.store.store import Store

class Slow(Echo):
    def answers(self, queries):
        for index, answer in super().answers(queries):
            with open({log!r}, "a") as log:
                log.write(queries[index].text + "\\n")
            time.sleep(0.004)
            yield index, answer

with Store(Path({store!r})) as store:
    asked = Asker(store).ask(Slow(), "model", "p", requests(*[f"q{{i}}" for i in range(150)]))
    print("|".join(answer.text for answer in asked.answers))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no SIGKILL")
def test_killed_at_any_moment_the_same_command_finishes_with_the_same_result(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = textwrap.dedent(WORKER).format(
        paths=[str(Path(__file__).parent)], log=str(log), store=str(tmp_path / "s.sqlite")
    )
    kills = 0
    for delay in (0.1, 0.2, 0.3):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        start = log.stat().st_size if log.exists() else 0
        deadline = time.monotonic() + 20
        while (not log.exists() or log.stat().st_size == start) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        kills += process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert kills >= 2
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.strip() == "|".join(f"Q{i}" for i in range(150))
    asked = log.read_text().split()
    assert len(set(asked)) == 150
    assert len(asked) <= 150 + kills  # at most the one in flight at each kill is asked again
