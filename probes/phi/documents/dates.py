"""The dates of a case."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

STAY_DAYS = (2, 9)
DUE_DAYS = 30
SHELF_DAYS = 365


def draw_dates(rng: np.random.Generator) -> dict[str, date]:
    """Field -> day, in a possible order: born, admitted, seen, discharged, reported, billed, due; 2022 to 2025.

    One patient in ten is 90 or older, so that ages become identifiers.
    """
    service = date(2022, 1, 15) + timedelta(int(rng.integers(0, 1300)))
    years = rng.integers(91, 99) if rng.random() < 0.1 else rng.integers(21, 88)
    admitted = service - timedelta(int(rng.integers(0, 3)))
    discharged = admitted + timedelta(int(rng.integers(*STAY_DAYS)) + 2)
    statement = discharged + timedelta(int(rng.integers(5, 25)))
    filled = service + timedelta(int(rng.integers(0, 4)))
    return {
        "dob": service - timedelta(int(365.25 * years + rng.integers(0, 360))),
        "admitted": admitted,
        "service": service,
        "collected": service,
        "reported": service + timedelta(int(rng.integers(1, 4))),
        "discharged": discharged,
        "statement": statement,
        "due": statement + timedelta(DUE_DAYS),
        "filled": filled,
        "discard": filled + timedelta(SHELF_DAYS),
        "appointment": discharged + timedelta(int(rng.integers(7, 40))),
        "accident": admitted - timedelta(int(rng.integers(0, 2))),
    }
