"""A case: everything that is decided about a document before a pixel is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from probes.phi.documents.dates import draw_dates
from probes.phi.documents.fields import values_of
from probes.phi.documents.person import DATE_STYLES, Person, Place, draw_person, draw_place, pick
from probes.phi.documents.value import Value
from probes.phi.documents.words import INSTITUTION_KINDS, INSTITUTIONS

VERSION = 1
_PEOPLE, _VALUES, _STORY, _LOOK, _NOISE = range(5)


@dataclass(frozen=True)
class Case:
    """One invented patient and visit. `values` maps a field to the identifier as it is printed, in whatever layout.

    A case depends on seed and index alone: every layout, look and swapped variant shows the same values.
    """

    seed: int
    index: int
    patient: Person
    provider: Person
    referrer: Person
    home: Place
    site: Place
    institution: str
    days: Mapping[str, date]
    values: Mapping[str, Value]

    @property
    def age(self) -> int:
        """In whole years on the day of service."""
        born, today = self.days["dob"], self.days["service"]
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @property
    def printed_age(self) -> Value | str:
        """An identifier only above 89 (45 CFR 164.514(b)(2)(i)(C))."""
        return Value("date", "age", str(self.age), inferable_from="dob") if self.age > 89 else str(self.age)

    @property
    def article(self) -> str:
        """The article before the age in words: "an" 8, 11, 18 and eighty."""
        return "an" if self.age in (8, 11, 18) or 80 <= self.age < 90 else "a"

    def story(self) -> np.random.Generator:
        """A fresh generator for the clinical content, which identifies nobody."""
        return np.random.default_rng([self.seed, self.index, _STORY])

    def look(self) -> np.random.Generator:
        """A fresh generator for what the look leaves to chance: typeface and tilt."""
        return np.random.default_rng([self.seed, self.index, _LOOK])

    def noise(self) -> np.random.Generator:
        """A fresh generator for scan noise."""
        return np.random.default_rng([self.seed, self.index, _NOISE])


def draw_case(seed: int, index: int) -> Case:
    """Case number `index` of a series: a pure function of both."""
    rng = np.random.default_rng([seed, index, _PEOPLE])
    patient, provider, referrer = (draw_person(rng) for _ in range(3))
    home, site = draw_place(rng), draw_place(rng)
    institution = f"{pick(rng, INSTITUTIONS)} {pick(rng, INSTITUTION_KINDS)}"
    days = draw_dates(rng)
    style, name_style = pick(rng, DATE_STYLES), int(rng.integers(0, 3))
    values = values_of(
        np.random.default_rng([seed, index, _VALUES]),
        people=(patient, provider, referrer),
        places=(home, site),
        institution=institution,
        days=days,
        styles=(style, name_style),
    )
    return Case(seed, index, patient, provider, referrer, home, site, institution, days, values)
