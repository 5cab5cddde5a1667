"""`medaudit judge`: how well a judge model agrees with people's ratings of open answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.stats.rank import Agreement


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "judge",
        help="measure a judge model against people's ratings",
        description="Kendall's tau between a judge model and people who rated the same open answers.",
    )
    parser.add_argument("--judge", metavar="SPEC", required=True, help="the judge model")
    parser.add_argument(
        "--ratings", metavar="CSV", required=True, help="columns question, answer, response, rating; cluster if known"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--allow-host", metavar="HOST", action="append", help="a public host that may be asked")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Ask the judge and show the agreement; returns 0, or 3 where answers are missing."""
    import numpy as np

    from audit.app.opinions import open_judge
    from audit.app.privacy import check_host
    from audit.app.screen import show
    from probes.shifts.ratings import judge_quality, read_ratings, to_ask

    rows = read_ratings(Path(given.ratings).expanduser())
    judge = open_judge(given.judge)
    check_host(judge, tuple(given.allow_host or ()), user_images=True)
    queries = to_ask(rows)
    places = list(queries)
    try:
        said = {places[index]: answer for index, answer in judge.answers(list(queries.values()))}
    finally:
        judge.close()
    lost = sum(answer.status == "error" for answer in said.values())
    if lost:
        show(f"{lost} of {len(said)} questions to the judge were not answered: nothing is measured.")
        return 3
    opinions = {place: answer.text for place, answer in said.items()}
    quality = judge_quality(rows, opinions, np.random.default_rng(given.seed))
    show(f"{len(rows)} rated answers, {quality.n_settled} right word for word and not put to the judge.")
    show(f"Judge and people: {_words(quality.judge)}; {quality.n_unread} verdicts could not be read.")
    show(f"Token F1 and people: {_words(quality.token_f1)}.")
    return 0


def _words(found: Agreement) -> str:
    if found.tau is None:
        return "no tau, since one of them does not vary"
    spread = "no interval" if found.interval is None else f"{found.interval.low:.2f} to {found.interval.high:.2f}"
    return f"Kendall's tau {found.tau:.2f} ({spread}; {found.n} answers in {found.n_clusters} clusters)"
