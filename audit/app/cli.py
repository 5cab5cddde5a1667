"""The command line: flags to a command, errors to one line and an exit code."""

from __future__ import annotations

import argparse
import os
import shlex
import sqlite3
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from audit.core.errors import MedauditError
from audit.core.redact import redact
from audit.core.version import VERSION

COMMANDS = (
    "run",
    "compare",
    "list",
    "report",
    "export-queries",
    "mine-pairs",
    "judge",
    "data",
    "doctor",
    "selftest",
    "bench",
    "mitigate",
)


def run_command(arguments: Sequence[str]) -> int:
    """Parse `arguments` and run the command; returns the exit code (2 for usage and input, 130 when interrupted)."""
    _quiet_libraries()
    try:
        given = build_parser().parse_args(list(arguments))
        given.command_line = told_command(arguments, given)
        command: Callable[[argparse.Namespace], int] = given.call
        return command(given)
    except (MedauditError, OSError, sqlite3.OperationalError) as error:
        print(f"medaudit: {redact(_told(error))}", file=sys.stderr)  # noqa: T201
        return error.exit_code if isinstance(error, MedauditError) else 2
    except KeyboardInterrupt:
        print("medaudit: interrupted; the same command again goes on from here", file=sys.stderr)  # noqa: T201
        return 130
    except Exception as error:  # noqa: BLE001  a fault of ours must not look like a failed gate (exit code 1)
        traceback.print_exc()
        print(f"medaudit: a fault of medaudit itself: {redact(str(error))}", file=sys.stderr)  # noqa: T201
        return 2


def _told(error: Exception) -> str:
    """An error in one line: ours as it is, or what the system would not do (a full disk, a lack of permission)."""
    if isinstance(error, MedauditError):
        return str(error)
    place = f"{error.filename}: " if isinstance(error, OSError) and error.filename is not None else ""
    what = error.strerror or error if isinstance(error, OSError) else f"The answer store cannot be used: {error}"
    return f"{place}{what} (mend that; the same command again goes on from here)"


def told_command(arguments: Sequence[str], given: argparse.Namespace) -> str:
    """The command as it may be shown and kept: without secrets, and without the names of the user's folders, which
    can be names of patients."""
    named: dict[str, str] = {}
    for name in ("labels", "out", "cache", "folder", "pairs", "eval", "data", "paths"):
        value = getattr(given, name, None)
        if isinstance(value, str):
            named[value] = f"[{name}]"
        elif isinstance(value, list):  # a number of pairs is no path
            named |= {one: f"[{name} {number}]" for number, one in enumerate(value, 1)}
    return redact(" ".join(["medaudit", *(_without(argument, named) for argument in arguments)]))


def _without(argument: str, named: Mapping[str, str]) -> str:
    flag, equals, value = argument.partition("=")
    if equals and flag.startswith("--") and value in named:
        return f"{flag}={named[value]}"
    return named.get(argument) or shlex.quote(argument)


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line, as all of ours are."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and leave with exit code 2."""
        self.exit(2, f"medaudit: {message} ({self.prog} --help tells what there is)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands. Each command module adds its own flags and names the function to call."""
    parser = OneLineParser(
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
