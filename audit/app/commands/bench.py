"""`medaudit bench`: methods of the audit on settings whose truth is known."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("bench", help="try methods of the audit on settings whose truth is known")
    kinds = parser.add_subparsers(metavar="WHAT", required=True)
    spurious = kinds.add_parser(
        "spurious",
        help="discovery of spurious regions, with planted features",
        description="Plant a feature that goes with one class, fine-tune small contrastive models, and see whether the"
        " discovery of spurious regions finds it, beside baselines; and what it finds where nothing is planted.",
        epilog="With --out the same command goes on where it stopped (docs/spurious-bench.md).",
    )
    spurious.add_argument("--stage", metavar="NAME", action="append", help="digits or phantoms (default both)")
    spurious.add_argument(
        "--v", metavar="V", type=float, action="append", help="Cramer's V (default .7 .8 .9 .95 .99); repeatable"
    )
    spurious.add_argument("--settings", metavar="N", type=int, help="settings for each feature and V (default 10)")
    spurious.add_argument(
        "--clean", metavar="N", type=int, help="settings without correlation, per stage (default 400)"
    )
    spurious.add_argument("--mitigate", action="store_true", help="fine-tune digit settings again, region-aware")
    sizes = spurious.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_true", help="a look in less than a minute")
    sizes.add_argument("--published", action="store_true", help="as many digit images as the paper: hours on two cores")
    _add_sizes(spurious.add_argument_group("sizes of the digit stage, instead of those"))
    spurious.add_argument("--seed", metavar="N", type=int, default=0, help="seed of everything random (default 0)")
    spurious.add_argument("--processes", metavar="N", type=positive, default=1, help="processes at work (default 1)")
    spurious.add_argument("--out", metavar="DIR", help="write rows.jsonl, spurious-bench.json and .md there")
    spurious.set_defaults(call=call_spurious)


def _add_sizes(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--pretrain", metavar="N", type=positive, help="images of pre-training (published 40000)")
    group.add_argument("--pretrain-epochs", metavar="N", type=positive, help="epochs of pre-training")
    group.add_argument("--finetune", metavar="N", type=positive, help="images of fine-tuning (published 10000)")
    group.add_argument("--finetune-epochs", metavar="N", type=positive, help="epochs of fine-tuning")
    group.add_argument("--evaluate", metavar="N", type=positive, help="images of an evaluation set (published 2000)")


def call_spurious(given: argparse.Namespace) -> int:
    """Run the bench and print its tables; returns 0."""
    from audit.app.benching.config import BenchConfig, resized
    from audit.app.benching.page import page
    from audit.app.benching.run import bench, write
    from audit.app.progress import progress_bar
    from audit.app.screen import show

    config = BenchConfig(seed=abs(given.seed), processes=given.processes, command=given.command_line)
    out = None if given.out is None else Path(given.out).expanduser()
    config = resized(
        config,
        stages=tuple(given.stage or ()),
        vs=tuple(given.v or ()),
        counts={"settings": given.settings, "clean": given.clean},
        mitigate=given.mitigate,
        preset="quick" if given.quick else "published" if given.published else "",
        digits={name: getattr(given, name) for name in SIZES},
        out=out,
    )
    with progress_bar() as progress:
        results = bench(config, progress)
    show(page(results))
    if out is not None:
        show(f"Page: {write(out, results)}")
    return 0


SIZES = ("pretrain", "pretrain_epochs", "finetune", "finetune_epochs", "evaluate")
