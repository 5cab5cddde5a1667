"""Texts that the recognisers were not made for: eight kinds of writing with Faker's names, places and numbers.

The recognisers were written with the six layouts of probes/phi/documents in view. These texts share no name list,
layout or wording with them, and were written after the recognisers. Needs `pip install faker`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from probes.phi.text import Span

Part = str | tuple[str, str]
"""Text, or (category, identifier)."""


def held_out(index: int, seed: int = 0) -> tuple[str, list[Span]]:
    """Text number `index` of a series and the identifiers in it; the eight kinds take turns."""
    from faker import Faker

    fake = Faker("en_US")
    fake.seed_instance(seed * 100_003 + index)
    return joined(KINDS[index % len(KINDS)](fake, np.random.default_rng([seed, index])))


def joined(parts: Sequence[Part]) -> tuple[str, list[Span]]:
    """The parts as one text, and where the identifiers are."""
    text, truth = "", []
    for part in parts:
        said = part if isinstance(part, str) else part[1]
        if not isinstance(part, str):
            truth.append(Span(len(text), len(text) + len(said), part[0], "held out"))
        text += said
    return text, truth


def day(fake: Any, rng: np.random.Generator) -> Part:
    """A date in one of seven ways."""
    ways = ("%m/%d/%Y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d", "%m-%d-%y", "%b %d, %Y", "%d.%m.%Y")
    return "date", fake.date_between("-80y", "today").strftime(ways[rng.integers(len(ways))])


def number(rng: np.random.Generator, pattern: str) -> str:
    """Digits for 9, capitals for A, all else as it is."""
    letters, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
    return "".join(
        digits[rng.integers(10)] if c == "9" else letters[rng.integers(24)] if c == "A" else c for c in pattern
    )


def name(fake: Any) -> tuple[str, str]:
    """Given name and surname."""
    return "name", f"{fake.first_name()} {fake.last_name()}"


def mail(fake: Any, rng: np.random.Generator) -> list[Part]:
    """An e-mail of a patient."""
    who, doctor = name(fake), name(fake)
    return [
        "From: ",
        who,
        " <",
        ("email", fake.email()),
        ">\nTo: ",
        doctor,
        "\nSubject: my appointment on ",
        day(fake, rng),
        "\n\nHi doctor,\nthis is ",
        who,
        ". I moved from ",
        ("geographic", fake.city()),
        " to ",
        ("geographic", fake.street_address()),
        ", ",
        ("geographic", fake.city()),
        ", ",
        fake.state_abbr(),
        " ",
        ("geographic", fake.postcode()),
        " last month. You can reach me under ",
        ("phone", fake.basic_phone_number()),
        ". My blood pressure was 142/91 on Monday and my pulse 88.\nThanks,\n",
        ("name", who[1].split()[0]),
    ]


def nursing(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A note of the night shift."""
    patient, nurse = fake.last_name(), name(fake)
    return [
        day(fake, rng),
        " 07:45 Pt ",
        ("name", patient),
        " resting comfortably, VSS, 98% RA. Daughter ",
        name(fake),
        " at bedside, call her at ",
        ("phone", fake.basic_phone_number()),
        ". IV site L forearm c/d/i. Mr. ",
        ("name", patient),
        " refused lunch. MRN ",
        ("mrn", number(rng, "999-99-999")),
        ", bed 12B. Next dose 14:00. ",
        nurse,
        ", RN",
    ]


def transcription(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A page as a vision-language model writes it down: Markdown."""
    return [
        "## Patient Information\n\n- **Name:** ",
        name(fake),
        "\n- **DOB:** ",
        day(fake, rng),
        "\n- **SSN:** ",
        ("ssn", fake.ssn()),
        "\n- **Address:** ",
        ("geographic", fake.street_address()),
        "\n- **Insurance ID:** ",
        ("health_plan", number(rng, "AAA9999999")),
        "\n- **Account Number:** ",
        ("account", number(rng, "9999999999")),
        "\n\n| Test | Result |\n|---|---|\n| Sodium | 139 mmol/L |\n| Glucose | 104 mg/dL |\n\n",
        "**Ordering Provider:** Dr. ",
        name(fake),
        " (NPI: ",
        ("licence", number(rng, "1999999999")),
        ")",
    ]


def record(fake: Any, rng: np.random.Generator) -> list[Part]:
    """JSON as a tool writes it."""
    return [
        '{"patient": {"name": "',
        name(fake),
        '", "birthDate": "',
        ("date", fake.date()),
        '", "mrn": "',
        ("mrn", number(rng, "A9999999")),
        '", "telecom": "',
        ("phone", fake.basic_phone_number()),
        '", "email": "',
        ("email", fake.email()),
        '"}, "device": {"serial": "',
        ("device", number(rng, "AA-999999")),
        '", "ip": "',
        ("ip", fake.ipv4()),
        '"}, "accession": "',
        ("other", number(rng, "999999999")),
        '", "modality": "MR", "slices": 128}',
    ]


def letter(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A letter of an insurer."""
    member = name(fake)
    return [
        ("name", f"{fake.last_name()} Mutual Insurance"),
        "\n",
        ("geographic", fake.street_address()),
        "\n",
        ("geographic", fake.city()),
        ", ",
        fake.state_abbr(),
        " ",
        ("geographic", fake.postcode()),
        "\n\n",
        day(fake, rng),
        "\n\nRE: ",
        member,
        "\nPolicy number: ",
        ("health_plan", number(rng, "999-AA-9999")),
        "\nClaim: ",
        ("other", number(rng, "999999-99")),
        "\n\nDear ",
        fake.prefix_female(),
        " ",
        ("name", member[1].split()[1]),
        ",\n\nWe cannot pay for the imaging of ",
        day(fake, rng),
        " without prior review. Write to ",
        ("email", fake.company_email()),
        ", fax ",
        ("fax", fake.basic_phone_number()),
        " or see ",
        ("url", fake.url()),
        ". Your vehicle with plate ",
        ("vehicle", number(rng, "AAA 9999")),
        " was involved in the accident.\n\nSincerely,\n",
        name(fake),
        "\nClaims Department",
    ]


def dictation(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A report of radiology."""
    last, first = fake.last_name(), fake.first_name()
    return [
        "CHEST, PA AND LATERAL\nPatient name: ",
        ("name", f"{last.upper()}, {first.upper()}"),
        "    Exam date: ",
        day(fake, rng),
        "\nAccession #: ",
        ("other", number(rng, "99-9999999")),
        "    Medical Record Number: ",
        ("mrn", number(rng, "99999999")),
        "\nReferring: ",
        name(fake),
        " MD\n\nHISTORY: ",
        ("date", "94"),
        " year old female with cough.\nFINDINGS: The lungs are clear. No pleural effusion. The heart "
        "measures 14.2 cm.\nIMPRESSION: No acute disease. Compared with ",
        day(fake, rng),
        ".\n\nElectronically signed by ",
        name(fake),
        " on ",
        day(fake, rng),
    ]


def triage(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A note of the emergency department, in prose."""
    who = name(fake)
    return [
        who,
        " is a 45-year-old construction worker who lives in ",
        ("geographic", fake.city()),
        " and works for ",
        ("name", fake.company()),
        ". Brought in by his wife ",
        name(fake),
        " after a fall from 3 m. GCS 15, BP 128/76, HR 96. Tetanus given in 2019. License ",
        ("licence", number(rng, "A999-9999-9999")),
        " handed to security; pacemaker s/n ",
        ("device", number(rng, "AAA999999A")),
        ". PCP is Dr. ",
        ("name", fake.last_name()),
        " in ",
        ("geographic", fake.city()),
        ". Social security ",
        ("ssn", fake.ssn()),
        ".",
    ]


def header_dump(fake: Any, rng: np.random.Generator) -> list[Part]:
    """A header printed by a tool."""
    last, first = fake.last_name(), fake.first_name()
    uid = f"1.2.840.113619.2.{rng.integers(10, 999)}.{rng.integers(10**9, 10**10)}.{rng.integers(100, 999)}"
    born = fake.date_between("-80y", "-20y").strftime("%Y%m%d")
    return [
        "(0010,0010) PN [",
        ("name", f"{last}^{first}"),
        "]  # PatientName\n(0010,0020) LO Patient ID: ",
        ("mrn", number(rng, "99999999")),
        "\nPatientBirthDate: ",
        ("date", born),
        "\nInstitutionName: ",
        ("name", f"{fake.last_name()} Regional Hospital"),
        "\nStudyInstanceUID: ",
        ("other", uid),
        "\nStationName: CT01\nRows: 512\nSliceThickness: 1.25\nDeviceSerialNumber: ",
        ("device", number(rng, "99999")),
        "\nmac ",
        ("device", fake.mac_address()),
        " host ",
        ("ip", fake.ipv6()),
    ]


KINDS: tuple[Callable[[Any, np.random.Generator], list[Part]], ...] = (
    mail, nursing, transcription, record, letter, dictation, triage, header_dump,
)  # fmt: skip
