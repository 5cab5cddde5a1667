"""The lists of `medaudit list`."""

from __future__ import annotations

import sys

from audit.app.suites import load_suite, suite_names
from audit.app.table import PLANNED, PROBES
from audit.core.probe import Probe
from audit.models.table import MODELS, open_model


def probes(spec: str | None) -> list[str]:
    """One line per probe; with a model, whether it can be assessed and what is lacking."""
    have = None if spec is None else open_model(spec).capabilities
    lines = []
    for name in sorted(PROBES.targets()):
        probe: Probe = PROBES.load(name)
        status = probe.title
        if have is not None:
            lacking = probe.needs - have
            status = f"not assessable: needs {', '.join(sorted(lacking))}" if lacking else "assessable"
        lines.append(f"{name:<16}{status}")
    lines += [f"{name:<16}not built yet: {title}" for name, title in PLANNED.items() if name not in PROBES.targets()]
    return lines


def suites(spec: str | None) -> list[str]:
    """One line per suite with its probes; with a model, how many of them can be assessed."""
    lines = []
    for name in suite_names():
        suite = load_suite(name)
        built = [probe for probe in suite.probes if probe in PROBES.targets()]
        note = f" ({len(built)} of {len(suite.probes)} built)"
        if spec is not None:
            have = open_model(spec).capabilities
            able = [probe for probe in built if not PROBES.load(probe).needs - have]
            note = f" ({len(able)} of {len(suite.probes)} assessable)"
        lines.append(f"{name:<16}{', '.join(suite.probes)}{note}")
    return lines


def models(spec: str | None) -> list[str]:
    """One line per adapter; with a model, its capabilities."""
    if spec is not None:
        model = open_model(spec)
        return [f"{model.spec}: {', '.join(sorted(model.capabilities))}", *probes(spec)]
    return [f"{name + ':':<16}{_about(name)}" for name in sorted(MODELS.targets())]


def _about(name: str) -> str:
    """The first line about the module that an adapter stands in: it says what the adapter is for."""
    module = sys.modules[MODELS.load(name).__module__]
    return str(module.__doc__ or "").strip().split("\n")[0]
