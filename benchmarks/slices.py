"""How often a vendor that costs a model 25 points is flagged, and one that costs nothing, by seeded Monte Carlo.

`python benchmarks/slices.py [runs]` prints the table of docs/shifts.md: chest phantoms, closed questions built from
their labels, every model right 85 times of 100 on other vendors' images, `vendor=Corvid` the only slice. A model is
flagged where a raw or a standardised difference of the slice is, as the report flags it.
"""

from __future__ import annotations

import sys

import numpy as np

from audit.core.answer import Answer
from audit.core.finding import Finding
from audit.core.item import Request
from audit.data.phantoms import phantoms
from medaudit.testing import findings_of
from probes.shifts.probe import PROBE

RIGHT, SLICE = 0.85, "vendor=Corvid"
SIZES, FALLS = (60, 120, 250, 500), (0.0, 0.25)


def requests_of(images: int) -> tuple[Request, ...]:
    """All questions about so many chest images, clean."""
    options = PROBE.options({"items": 0, "corruptions": "none", "slices": SLICE})
    data = phantoms(images, 11, 32, "chest radiograph")
    return PROBE.plan(data, options, np.random.default_rng(0)).requests


def answer(request: Request, fall: float, rng: np.random.Generator) -> Answer:
    """The right option, or another one more often where the image is of that vendor."""
    item = request.item
    share = RIGHT - fall * (item.tags["slice.vendor"] == "Corvid")
    wrong = [option.label for option in request.query.options if option.label != item.target]
    return Answer(item.target if rng.random() < share else str(rng.choice(wrong)))


def is_flagged(found: Finding) -> bool:
    """Whether the finding says that the slice is worse than the rest."""
    return (found.metric, found.comparison, found.tags.get("flag")) == ("shifts.delta", "between_slices", "worse")


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| images | patients | questions | flagged, 25 points lost | flagged, none lost |\n|---|---|---|---|---|")
    for images in SIZES:
        requests = requests_of(images)
        patients = len({request.item.cluster for request in requests})
        shares = []
        for fall in FALLS:
            rng = np.random.default_rng([images, int(100 * fall)])
            given = ([answer(request, fall, rng) for request in requests] for _ in range(runs))
            hits = sum(any(map(is_flagged, findings_of(PROBE, requests, each, 0))) for each in given)
            shares.append(f"{hits} of {runs}")
        print(f"| {images} | {patients} | {len(requests)} | {shares[1]} | {shares[0]} |", flush=True)


if __name__ == "__main__":
    main()
