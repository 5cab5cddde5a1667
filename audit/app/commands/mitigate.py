"""`medaudit mitigate`: fine-tune a contrastive model so that it no longer leans on a region cluster."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive
from audit.core.errors import InputError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mitigate",
        help="fine-tune a contrastive model away from a spurious region cluster",
        description="Find the region cluster that a contrastive model errs with (RaVL), fine-tune the model with the"
        " region-aware loss, write the new checkpoint, and compare both on patients that took no part.",
        epilog="Exit codes: 0 done, or no region cluster found and nothing written, 2 usage or input"
        " (docs/spurious-mitigation.md).",
    )
    parser.add_argument("--model", metavar="SPEC", required=True, help="clip:PATH, or demo:clip-medical")
    parser.add_argument("--data", metavar="PATH", required=True, help="labelled images to fine-tune on")
    parser.add_argument(
        "--eval", metavar="PATH", help="images of other patients, to search and to judge (default: half of --data)"
    )
    parser.add_argument("--label", metavar="COLUMN", default="finding", help="the label to tell (default finding)")
    parser.add_argument("--out", metavar="DIR", required=True, help="a new folder for the checkpoint and its record")
    parser.add_argument(
        "--regions", metavar="KINDS", default="mark,quadrant", help="kinds of regions (default mark,quadrant)"
    )
    parser.add_argument(
        "--cluster", metavar="N", type=positive, default=1, help="which region cluster, 1 for the largest gap"
    )
    parser.add_argument("--encoder", metavar="SPEC", default="", help="what clusters regions (default: the model)")
    parser.add_argument("--steps", metavar="N", type=positive, default=200, help="steps of AdamW (default 200)")
    parser.add_argument("--batch", metavar="N", type=positive, default=16, help="images in a step (default 16)")
    parser.add_argument("--rate", metavar="X", type=float, default=1e-4, help="learning rate (default 1e-4)")
    parser.add_argument(
        "--loss", choices=("region-aware", "contrastive"), default="region-aware",
        help="contrastive: without the terms of regions, to see what fine-tuning does by itself",
    )  # fmt: skip
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="seed of everything random (default 0)")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Mitigate and print before and after; returns 0."""
    from audit.app.mitigating.run import MitigateConfig, mitigate
    from audit.app.mitigating.screen import told
    from audit.app.mitigating.tuning import Schedule
    from audit.app.progress import progress_bar
    from audit.app.screen import show
    from audit.data.load import load

    if not 0 < given.rate < 1:
        raise InputError(f"Expected --rate above 0 and below 1 but got {given.rate}")
    config = MitigateConfig(
        model=given.model,
        data=load(Path(given.data).expanduser()),
        label=given.label,
        out=Path(given.out).expanduser(),
        evaluation=None if given.eval is None else load(Path(given.eval).expanduser()),
        kinds=tuple(kind.strip() for kind in given.regions.split(",")),
        rank=given.cluster,
        encoder=given.encoder,
        schedule=Schedule(given.steps, given.batch, given.rate, region_aware=given.loss == "region-aware"),
        seed=abs(given.seed),
        command=given.command_line,
    )
    with progress_bar() as progress:
        record = mitigate(config, progress)
    show(told(record, config.out))
    return 0
