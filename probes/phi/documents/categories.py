"""The identifier categories of HIPAA's Safe Harbor rule that are text."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final[dict[str, str]] = {
    "name": "A",
    "geographic": "B",
    "date": "C",
    "phone": "D",
    "fax": "E",
    "email": "F",
    "ssn": "G",
    "mrn": "H",
    "health_plan": "I",
    "account": "J",
    "licence": "K",
    "vehicle": "L",
    "device": "M",
    "url": "N",
    "ip": "O",
    "other": "R",
}
"""Category -> its letter in 45 CFR 164.514(b)(2)(i). Biometric identifiers (P) and full-face photographs (Q) are no
text. Dates include ages over 89; a state is no identifier, every smaller geographic unit is."""
