"""The layouts, by name: a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from probes.phi.documents.form import Form
from probes.phi.documents.layouts.billing import billing
from probes.phi.documents.layouts.discharge import discharge
from probes.phi.documents.layouts.lab import lab
from probes.phi.documents.layouts.label import label
from probes.phi.documents.layouts.radiology import radiology
from probes.phi.documents.layouts.referral import referral

_EVERYWHERE = frozenset({"name", "geographic", "date", "phone", "fax", "mrn", "url"})


@dataclass(frozen=True)
class Layout:
    """How a kind of document is written, its page in points, its title, and the categories that it always shows."""

    title: str
    write: Callable[[Form], None]
    shows: frozenset[str]
    width: float = 612
    height: float = 792


LAYOUTS: Final[dict[str, Layout]] = {
    "billing-statement": Layout(
        "Patient billing statement",
        billing,
        _EVERYWHERE | {"email", "ssn", "account", "health_plan", "vehicle", "licence", "other", "ip"},
    ),
    "lab-report": Layout(
        "Laboratory report", lab, _EVERYWHERE | {"health_plan", "other", "licence", "email", "account", "ip"}
    ),
    "discharge-summary": Layout(
        "Discharge summary", discharge, _EVERYWHERE | {"health_plan", "account", "device", "ip"}
    ),
    "referral": Layout(
        "Referral to specialist care", referral, _EVERYWHERE | {"licence", "other", "ssn", "health_plan", "email", "ip"}
    ),
    "prescription-label": Layout(
        "Prescription label", label, _EVERYWHERE | {"health_plan", "other", "licence"}, height=396
    ),
    "radiology-request": Layout(
        "Radiology request",
        radiology,
        _EVERYWHERE | {"email", "other", "health_plan", "account", "licence", "device", "vehicle", "ip"},
    ),
}
