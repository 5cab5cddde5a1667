"""Identifiers drawn in the formats of the real world, from ranges that are never issued to anybody.

Every function takes a generator and returns the printed text. docs/phi-documents.md lists the sources.
"""

from __future__ import annotations

import numpy as np

from probes.phi.documents import checkdigits

DIGITS = "0123456789"
SAFE = "ABCDEFGHJKMNPQRTUVWXY"
MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # CMS leaves out S, L, O, I, B and Z
NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")


def chars(rng: np.random.Generator, alphabet: str, n: int) -> str:
    """`n` characters of `alphabet`."""
    return "".join(alphabet[k] for k in rng.integers(0, len(alphabet), n))


def ssn(rng: np.random.Generator) -> str:
    """AAA-GG-SSSS: areas 900-999 are never issued by the SSA, groups 30-48 there to our knowledge not by the IRS.

    ITINs have groups 50-65, 70-88, 90-92 and 94-99, ATINs 93, internal numbers the code of an office (07 to 29, 49).
    """
    return f"{rng.integers(900, 1000)}-{rng.integers(30, 49)}-{rng.integers(1, 10000):04d}"


def lines(rng: np.random.Generator, area: str, n: int) -> list[str]:
    """`n` different numbers (AAA) 555-01NN: the hundred lines of each area code that are kept for fiction."""
    return [f"({area}) 555-01{line:02d}" for line in rng.choice(100, n, replace=False)]


def mrn(rng: np.random.Generator) -> str:
    """Seven digits and HL7's check digit M10 (HL7 v2 table 0061), as one institution numbers its own patients."""
    payload = str(rng.integers(1_000_000, 10_000_000))
    return payload + checkdigits.luhn(payload)


def mbi(rng: np.random.Generator) -> str:
    """A Medicare Beneficiary Identifier in CMS's format, but with S in place 2: a letter that CMS never uses."""
    letter, digit, either = MBI_LETTERS, DIGITS, MBI_LETTERS + DIGITS
    kinds = (either, digit, "-", letter, either, digit, "-", letter, letter, digit, digit)
    return chars(rng, "123456789", 1) + "S" + "".join(k if k == "-" else chars(rng, k, 1) for k in kinds)


def npi(rng: np.random.Generator) -> str:
    """Ten digits with a valid check digit, the first 5-9: issued ones start with 1 or 2, 3 and 4 may follow."""
    payload = chars(rng, "56789", 1) + chars(rng, DIGITS, 8)
    return payload + checkdigits.npi(payload)


def dea(rng: np.random.Generator, surname: str) -> str:
    """Z (no registrant's letter), the initial of the surname, six digits and the check digit."""
    payload = chars(rng, DIGITS, 6)
    return f"Z{surname[0].upper()}{payload}{checkdigits.dea(payload)}"


def driver_licence(rng: np.random.Generator, surname: str, birth_year: int) -> str:
    """The format of Illinois, SFFF-FFFY-YDDD with Soundex and year of birth; days 973-999 exist for no birthday.

    A letter and 11 digits; the day is 31 (month - 1) + day, plus 600 for women: 972 at most.
    """
    digits = f"{checkdigits.soundex(surname)}{chars(rng, DIGITS, 3)}{birth_year % 100:02d}{rng.integers(973, 1000)}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def vin(rng: np.random.Generator) -> str:
    """17 characters with a valid ninth; they begin with 0, to our knowledge no country's under ISO 3780."""
    letters = checkdigits.VIN_LETTERS
    head = "0" + chars(rng, letters, 2) + chars(rng, letters + DIGITS, 5)
    tail = chars(rng, "ABCDEFGHJKLMNPRSTVWXY", 1) + chars(rng, letters, 1) + chars(rng, DIGITS, 6)
    return head + checkdigits.vin(head + "0" + tail) + tail


def udi(rng: np.random.Generator) -> str:
    """A GS1 device identifier: (01) GTIN of prefix 952, which GS1 keeps for examples, and (21) serial number."""
    payload = "0952" + chars(rng, DIGITS, 9)
    return f"(01){payload}{checkdigits.gs1(payload)}(21){chars(rng, SAFE + DIGITS, 7)}"


def imei(rng: np.random.Generator) -> str:
    """15 digits with a valid Luhn digit; the prefix 00101 belongs to test equipment (GSMA TS.06)."""
    payload = "00101" + chars(rng, DIGITS, 9)
    return payload + checkdigits.luhn(payload)


def ip(rng: np.random.Generator) -> str:
    """An IPv4 address of the three documentation networks (RFC 5737)."""
    return NETWORKS[rng.integers(0, 3)] + str(rng.integers(1, 255))
