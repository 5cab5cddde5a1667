"""The command line: flags to a command, errors to one line and an exit code."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module

from audit.core.errors import MedauditError
from audit.core.redact import redact
from audit.core.version import VERSION

COMMANDS = ("run", "list", "report", "export-queries", "mine-pairs", "data", "doctor")


def run_command(arguments: Sequence[str]) -> int:
    """Parse `arguments` and run the command; returns the exit code (2 for usage and input, 130 when interrupted)."""
    _quiet_libraries()
    parser = build_parser()
    try:
        given = parser.parse_args(list(arguments))
        given.command_line = redact(shlex.join(["medaudit", *arguments]))
        command: Callable[[argparse.Namespace], int] = given.call
        return command(given)
    except MedauditError as error:
        print(f"medaudit: {redact(str(error))}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        print("medaudit: interrupted; the same command again goes on from here", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except Exception as error:  # noqa: BLE001  a fault of ours must not look like a failed gate (exit code 1)
        traceback.print_exc()
        print(f"medaudit: a fault of medaudit itself: {redact(str(error))}", file=sys.stderr)  # noqa: T201
        return 2


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands. Each command module adds its own flags and names the function to call."""
    parser = argparse.ArgumentParser(
        prog="medaudit",
        description="Audit a medical vision-language model before it touches a patient.",
        epilog="Start with: medaudit run --suite safety      (a small demo model on phantom images)",
    )
    parser.add_argument("--version", action="version", version=f"medaudit {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(f"audit.app.commands.{name.replace('-', '_')}").add(commands)
    return parser


def _quiet_libraries() -> None:
    """Settings that keep libraries from phoning home or drawing their own progress bars."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
