"""What can be imaged: one row per modality and body part, with its views and findings."""

from __future__ import annotations

from dataclasses import dataclass

NO_FINDING = "no finding"
SITES = ("north", "south", "east", "west")
VENDORS = ("Aurora", "Boreal", "Corvid")


@dataclass(frozen=True)
class Kind:
    """One kind of image.

    `weight` is its share among patients, `views` and `findings` are drawn with the weights beside them,
    `span_mm` is the width of the field of view in millimetres.
    """

    name: str
    modality: str
    anatomy: str
    weight: float
    views: tuple[tuple[str, float], ...]
    findings: tuple[tuple[str, float], ...]
    span_mm: float


KINDS: tuple[Kind, ...] = (
    Kind(
        "chest radiograph", "X-ray", "chest", 0.28, (("PA", 0.4), ("AP", 0.3), ("lateral", 0.3)),
        ((NO_FINDING, 0.4), ("nodule", 0.16), ("effusion", 0.16), ("cardiomegaly", 0.16), ("surgical hardware", 0.12)),
        400.0,
    ),
    Kind("chest CT", "CT", "chest", 0.07, (("axial", 1.0),),
         ((NO_FINDING, 0.5), ("nodule", 0.25), ("effusion", 0.25)), 400.0),
    Kind("head CT", "CT", "head", 0.1, (("axial", 1.0),),
         ((NO_FINDING, 0.5), ("haemorrhage", 0.3), ("mass", 0.2)), 240.0),
    Kind("abdominal CT", "CT", "abdomen", 0.1, (("axial", 1.0),),
         ((NO_FINDING, 0.5), ("lesion", 0.3), ("mass", 0.2)), 400.0),
    Kind("brain MRI", "MRI", "brain", 0.18, (("axial", 1.0),),
         ((NO_FINDING, 0.5), ("lesion", 0.3), ("mass", 0.2)), 230.0),
    Kind("ultrasound", "ultrasound", "abdomen", 0.12, (("long axis", 0.5), ("short axis", 0.5)),
         ((NO_FINDING, 0.5), ("lesion", 0.25), ("mass", 0.25)), 160.0),
    Kind("fundus photograph", "fundus photograph", "eye", 0.08, (("macula-centred", 0.6), ("disc-centred", 0.4)),
         ((NO_FINDING, 0.5), ("lesion", 0.25), ("haemorrhage", 0.25)), 14.0),
    Kind("histology", "histology", "colon", 0.07, (("section", 1.0),),
         ((NO_FINDING, 0.5), ("lesion", 0.5)), 0.25),
)  # fmt: skip

KIND_OF = {kind.name: kind for kind in KINDS}
