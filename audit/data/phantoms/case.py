"""A case: everything that is decided about a phantom before a pixel is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audit.data.phantoms.kinds import KIND_OF, KINDS, NO_FINDING, SITES, VENDORS, Kind
from audit.data.phantoms.look import MARKERS

_FOLLOWS, _PATIENT, _IMAGE, _TEXTURE = range(4)
_LONGEST = 4
_UNILATERAL = ("nodule", "effusion", "haemorrhage", "mass", "lesion")


@dataclass(frozen=True)
class Wish:
    """Parts of a case that are prescribed instead of drawn; "" leaves a part to chance."""

    kind: str = ""
    view: str = ""
    finding: str = ""
    site: str = ""
    vendor: str = ""
    marker: str = ""
    side: str = ""
    sequence: str = ""


@dataclass(frozen=True)
class Case:
    """One image to be drawn. `severity` lies in [0, 1]; `side` is the patient's, "" where it has no meaning.

    Images of one patient share `patient`, the kind, sex, age, site and vendor, and the body (`body` seeds
    its shape); view, finding and severity are drawn anew for each.
    """

    seed: int
    index: int
    patient: int
    kind: Kind
    view: str
    finding: str
    severity: float
    side: str
    sequence: str
    site: str
    vendor: str
    marker: str
    sex: str
    age: int

    def body(self) -> np.random.Generator:
        """A fresh generator for the patient's anatomy: equal for all images of the patient."""
        return np.random.default_rng([self.seed, self.patient, _PATIENT, 1])

    def image(self) -> np.random.Generator:
        """A fresh generator for what belongs to this image alone: pose and where the finding lies."""
        return np.random.default_rng([self.seed, self.index, _IMAGE, 1])

    def texture(self) -> np.random.Generator:
        """A fresh generator for texture and noise."""
        return np.random.default_rng([self.seed, self.index, _TEXTURE])

    @property
    def normal(self) -> bool:
        """True where there is nothing to find."""
        return self.finding == NO_FINDING


def first_of_patient(seed: int, index: int) -> int:
    """The index of the patient's first image: it depends on earlier indices only, so never on how many follow."""
    while index % _LONGEST and np.random.default_rng([seed, index, _FOLLOWS]).random() < 0.2:
        index -= 1
    return index


def draw_case(seed: int, index: int, wish: Wish | None = None) -> Case:
    """Case number `index` of a series: a pure function of seed, index and wish."""
    wish = wish or Wish()
    patient = first_of_patient(seed, index)
    person = np.random.default_rng([seed, patient, _PATIENT])
    kind = KINDS[person.choice(len(KINDS), p=[k.weight for k in KINDS])]
    kind = KIND_OF[wish.kind] if wish.kind else kind
    site, vendor = str(person.choice(SITES)), str(person.choice(VENDORS))
    sex, age = str(person.choice(("F", "M"))), int(person.integers(18, 90))
    rng = np.random.default_rng([seed, index, _IMAGE])
    view, finding = _pick(rng, kind.views), _pick(rng, kind.findings)
    side, sequence = str(rng.choice(("left", "right"))), str(rng.choice(("T1", "T2", "FLAIR")))
    severity = float(rng.random())
    finding, site = wish.finding or finding, wish.site or site
    return Case(
        seed=seed,
        index=index,
        patient=patient,
        kind=kind,
        view=wish.view or view,
        finding=finding,
        severity=severity,
        side=(wish.side or side) if _sided(kind, wish.view or view, finding) else "",
        sequence=(wish.sequence or sequence) if kind.modality == "MRI" else "",
        site=site,
        vendor=wish.vendor or vendor,
        marker=(wish.marker or MARKERS[site]) if kind.modality == "X-ray" else "",
        sex=sex,
        age=age,
    )


def _sided(kind: Kind, view: str, finding: str) -> bool:
    if kind.anatomy == "eye":
        return True
    if kind.modality in ("ultrasound", "histology") or view == "lateral":
        return False
    return finding in _UNILATERAL and not (kind.name == "abdominal CT" and finding == "lesion")


def _pick(rng: np.random.Generator, choices: tuple[tuple[str, float], ...]) -> str:
    names, weights = zip(*choices, strict=True)
    return str(rng.choice(names, p=np.asarray(weights) / sum(weights)))
