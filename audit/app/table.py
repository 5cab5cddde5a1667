"""The registration table of probes: one line each, imported when used."""

from __future__ import annotations

from audit.core.registry import Registry

PROBES = Registry(
    noun="probe",
    group="medaudit.probes",
    builtin={
        "medobvious": "probes.medobvious.probe:PROBE",
        "mediconfusion": "probes.mediconfusion.probe:PROBE",
        "shifts": "probes.shifts.probe:PROBE",
        "phi": "probes.phi.probe:PROBE",
        "spurious": "probes.spurious.probe:PROBE",
    },
)

PLANNED: dict[str, str] = {}
"""Probes that are named and not built yet, with their titles."""
