"""Invented people, places and the ways their names and dates are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from probes.phi.documents import words

T = TypeVar("T")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
DATE_STYLES = ("us", "iso", "long", "clinic")


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of `choices`, each as likely as the next."""
    return choices[int(rng.integers(0, len(choices)))]


@dataclass(frozen=True)
class Person:
    """Given name, middle initial, surname, and sex (F or M)."""

    given: str
    middle: str
    surname: str
    sex: str

    @property
    def plain(self) -> str:
        """Given name, initial, surname."""
        return f"{self.given} {self.middle}. {self.surname}"

    def printed(self, style: int) -> str:
        """As a form prints it: 0 "Maria A. Lopez", 1 "LOPEZ, MARIA A", 2 "Lopez, Maria A."."""
        listed = f"{self.surname}, {self.given} {self.middle}"
        return (self.plain, listed.upper(), f"{listed}.")[style]

    @property
    def dicom(self) -> str:
        """As a DICOM person name (PS3.5 6.2.1)."""
        return f"{self.surname}^{self.given}^{self.middle}"


@dataclass(frozen=True)
class Place:
    """A street address; `zip` and `area` are real ones of the city, the street is invented."""

    street: str
    city: str
    state: str
    zip: str
    area: str


def draw_person(rng: np.random.Generator, sex: str = "") -> Person:
    """A person of the given sex, or of either."""
    sex = sex or pick(rng, ("F", "M"))
    given = pick(rng, words.FEMALE if sex == "F" else words.MALE)
    return Person(given, pick(rng, "ABCDEFGHJKLMNPRSTW"), pick(rng, words.SURNAMES), sex)


def draw_place(rng: np.random.Generator) -> Place:
    """An address in one of the listed cities."""
    street = f"{rng.integers(11, 9900)} {pick(rng, words.STREETS)} {pick(rng, words.STREET_KINDS)}"
    return Place(street, *pick(rng, words.PLACES))


def print_date(day: date, style: str) -> str:
    """The date in one of `DATE_STYLES`: 03/09/2024, 2024-03-09, March 9, 2024, 09-MAR-2024."""
    month = _MONTHS[day.month - 1]
    return {
        "us": f"{day:%m/%d/%Y}",
        "iso": day.isoformat(),
        "long": f"{month} {day.day}, {day.year}",
        "clinic": f"{day.day:02d}-{month[:3].upper()}-{day.year}",
    }[style]
