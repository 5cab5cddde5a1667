"""Every identifier of a case, by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from probes.phi.documents import numbers, words
from probes.phi.documents.person import Person, Place, draw_person, pick, print_date
from probes.phi.documents.value import Value

_INFERABLE_DATES = {"due": "statement", "discard": "filled", "discharged": "admitted"}  # with the days printed beside


def values_of(
    rng: np.random.Generator,
    people: tuple[Person, Person, Person],
    places: tuple[Place, Place],
    institution: str,
    days: Mapping[str, date],
    styles: tuple[str, int],
) -> dict[str, Value]:
    """Field -> value. `people` are patient, provider and referrer, `places` home and institution, `styles` those of
    dates and of the patient's name."""
    patient, provider, _ = people
    found = [
        *_names(rng, people, institution, styles[1]),
        *_addresses(places),
        *_contacts(rng, patient, places, institution),
        *_memberships(rng, institution),
        *_licences(rng, patient, provider, days["dob"].year),
        *_things(rng),
        *(
            Value("date", f, print_date(day, styles[0]), inferable_from=_INFERABLE_DATES.get(f, ""))
            for f, day in days.items()
        ),
    ]
    return {value.field: value for value in found}


def _names(
    rng: np.random.Generator, people: tuple[Person, Person, Person], institution: str, style: int
) -> Iterator[Value]:
    patient, provider, referrer = people
    relative = Person(draw_person(rng).given, pick(rng, "BCDEHJLMRT"), patient.surname, "F")
    yield Value("name", "patient", patient.printed(style))
    yield Value("name", "patient_spoken", patient.plain, inferable_from="patient")
    yield Value("name", "patient_surname", patient.surname, inferable_from="patient")
    yield Value("name", "relative", relative.plain, "relative")
    yield Value("name", "employer", pick(rng, words.EMPLOYERS), "employer")
    yield Value("name", "provider", provider.plain, "provider")
    yield Value("name", "referrer", referrer.plain, "provider")
    yield Value("name", "referrer_surname", referrer.surname, "provider", inferable_from="referrer")
    yield Value("name", "institution", institution, "institution")


def _addresses(places: tuple[Place, Place]) -> Iterator[Value]:
    for place, prefix, subject in zip(places, ("", "site_"), ("patient", "institution"), strict=True):
        yield Value("geographic", f"{prefix}street", place.street, subject)
        yield Value("geographic", f"{prefix}city", place.city, subject, inferable_from=f"{prefix}zip")
        yield Value("geographic", f"{prefix}zip", place.zip, subject)


def _contacts(
    rng: np.random.Generator, patient: Person, places: tuple[Place, Place], institution: str
) -> Iterator[Value]:
    own, relative, mobile = numbers.lines(rng, places[0].area, 3)
    desk, fax, other = numbers.lines(rng, places[1].area, 3)
    yield Value("phone", "phone", own)
    yield Value("phone", "mobile", mobile)
    yield Value("phone", "relative_phone", relative, "relative")
    yield Value("phone", "site_phone", desk, "institution")
    yield Value("fax", "site_fax", fax, "institution")
    yield Value("fax", "referrer_fax", other, "provider")
    ending, host = pick(rng, ("com", "org", "net")), institution.split(maxsplit=1)[0].lower()
    spoken = f"{patient.given}.{patient.surname}".lower().replace("'", "")
    chance = f"{numbers.chars(rng, 'abcdefghkmnprstuvwxyz', 4)}{rng.integers(1000, 10000)}"
    guessed = rng.random() < 0.5
    yield Value("email", "email", f"{spoken if guessed else chance}@example.{ending}",
                inferable_from="patient" if guessed else "")  # fmt: skip
    yield Value("url", "site_url", f"www.{host}.example.org", "institution", inferable_from="institution")
    token = numbers.chars(rng, "abcdefghkmnpqrstuvwxyz23456789", 8)
    yield Value("url", "portal", f"https://portal.example.org/r/{token}")
    yield Value("ip", "ip", numbers.ip(rng))


def _memberships(rng: np.random.Generator, institution: str) -> Iterator[Value]:
    yield Value("ssn", "ssn", numbers.ssn(rng))
    yield Value("mrn", "mrn", numbers.mrn(rng))
    yield Value("health_plan", "mbi", numbers.mbi(rng))
    yield Value("health_plan", "member_id", f"{numbers.chars(rng, numbers.SAFE, 3)}{rng.integers(10**8, 10**9)}")
    yield Value("health_plan", "group", f"G{rng.integers(10000, 100000)}")
    initial = institution[0]
    yield Value("account", "account", f"{initial}{rng.integers(10, 100)}-{rng.integers(10**6, 10**7)}")
    yield Value("account", "visit", f"V{rng.integers(10**8, 10**9)}")


def _licences(rng: np.random.Generator, patient: Person, provider: Person, born: int) -> Iterator[Value]:
    yield Value("licence", "driver_licence", numbers.driver_licence(rng, patient.surname, born))
    yield Value("licence", "npi", numbers.npi(rng), "provider")
    yield Value("licence", "referrer_npi", numbers.npi(rng), "provider")
    yield Value("licence", "dea", numbers.dea(rng, provider.surname), "provider")


def _things(rng: np.random.Generator) -> Iterator[Value]:
    yield Value("vehicle", "vin", numbers.vin(rng))
    yield Value("device", "udi", numbers.udi(rng))
    yield Value("device", "imei", numbers.imei(rng))
    yield Value("other", "accession", f"{numbers.chars(rng, numbers.SAFE, 2)}-{rng.integers(10**6, 10**7)}")
    yield Value("other", "specimen", f"S{rng.integers(22, 26)}-{rng.integers(10**4, 10**5)}")
    yield Value("other", "claim", f"CLM{rng.integers(10**9, 10**10)}")
    yield Value("other", "authorization", f"PA{rng.integers(10**7, 10**8)}")
    yield Value("other", "rx", f"{rng.integers(10**6, 10**7)}-{rng.integers(10, 100)}")
