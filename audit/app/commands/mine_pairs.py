"""`medaudit mine-pairs`: find pairs of your own images that one encoder confuses and another does not."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mine-pairs",
        help="find confusable pairs among your own images",
        description="Find pairs of images that one encoder finds alike and another different, and that answer a "
        "question differently. Audit them with: medaudit run --probe mediconfusion --data PAIRS.json",
    )
    parser.add_argument("--data", metavar="PATH", required=True, help="labelled images, as for `medaudit run`")
    parser.add_argument("--encoder-a", metavar="SPEC", required=True, help="the encoder for which a pair is alike")
    parser.add_argument("--encoder-b", metavar="SPEC", required=True, help="the encoder for which it is different")
    parser.add_argument("--alike", type=cosine, default=0.9, help="least cosine for encoder a (default 0.9)")
    parser.add_argument("--different", type=cosine, default=0.75, help="largest cosine for encoder b (default 0.75)")
    parser.add_argument("--by", metavar="LABELS", default="finding,view,laterality", help="labels to ask about")
    parser.add_argument("--pairs", type=positive, default=200, help="at most so many confusable pairs (default 200)")
    parser.add_argument("--easy", type=positive, default=50, help="at most so many easy control pairs (default 50)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--allow-host", metavar="HOST", action="append", help="a public host that may receive images")
    parser.add_argument("--out", metavar="FILE", required=True, help="the JSON to write, with its images beside it")
    parser.set_defaults(call=call)


def cosine(text: str) -> float:
    """A number from -1 to 1, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = 2.0
    if not -1 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a cosine, -1 to 1, but got {text!r}")
    return value


def call(given: argparse.Namespace) -> int:
    """Mine and write; returns 0."""
    from audit.app.mining import MiningConfig, mine_pairs
    from audit.app.progress import progress_bar
    from audit.app.screen import show
    from audit.data.load import load
    from probes.mediconfusion.config import read_options
    from probes.mediconfusion.mining import Wanted

    labels = read_options({"by": given.by}).by
    wanted = Wanted(given.alike, given.different, labels, given.pairs, given.easy)
    hosts = tuple(given.allow_host or ())
    config = MiningConfig((given.encoder_a, given.encoder_b), wanted, Path(given.out).expanduser(), given.seed, hosts)
    with progress_bar() as progress:
        rows = mine_pairs(load(Path(given.data).expanduser()), config, progress)
    easy = sum(row.kind == "easy" for row in rows)
    show(f"{len(rows) - easy} confusable and {easy} easy pairs in {config.out}")
    return 0
