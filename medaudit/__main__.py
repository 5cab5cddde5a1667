"""The console script: `medaudit` and `python -m medaudit`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    import medaudit  # noqa: F401  checks first that our packages are ours
    from audit.app.cli import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
