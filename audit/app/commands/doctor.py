"""`medaudit doctor`: what is installed, and what that lets one do."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("doctor", help="check the installation, and a model where one is named")
    parser.add_argument("--model", metavar="SPEC", help="also ask this model one question")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Print the check-up; returns 0, or 2 where something needed is missing or the model does not answer."""
    from audit.app.checkup import check_model, checkup
    from audit.app.screen import show

    checks = [*checkup(), *(check_model(given.model) if given.model else ())]
    show("\n".join(f"{check.state:<9} {check.name}: {check.detail}" for check in checks))
    return 2 if any(check.state == "missing" for check in checks) else 0
