"""The clinical content of documents: it identifies nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Story:
    """A condition: `reason` of the visit, `diagnosis` with ICD-10-CM code, `course`, drug with directions, an
    examination with the question to it, and billed services (CPT code, text, dollars)."""

    reason: str
    diagnosis: str
    icd: str
    course: str
    drug: str
    directions: str
    count: int
    examination: str
    services: tuple[tuple[str, str, float], ...]


_VISIT: Final = ("99285", "Emergency department visit, high severity", 1180.0)
_PANEL: Final = ("80053", "Comprehensive metabolic panel", 94.5)
_COUNT: Final = ("85025", "Complete blood count with differential", 61.0)
_FILM: Final = ("71046", "Chest radiograph, two views", 212.0)
_ECG: Final = ("93005", "Electrocardiogram, tracing only", 145.0)

STORIES: Final = (
    Story(
        "cough, fever and shortness of breath",
        "Pneumonia, unspecified organism",
        "J18.9",
        "Radiographs showed a right lower lobe consolidation. Treated with intravenous ceftriaxone, then changed to "
        "oral therapy; afebrile for two days and saturating 96% on room air at discharge.",
        "AMOXICILLIN-CLAVULANATE 875 MG TABLET",
        "TAKE 1 TABLET BY MOUTH TWICE DAILY WITH FOOD UNTIL FINISHED",
        14,
        "Chest radiograph, PA and lateral",
        (_VISIT, _FILM, _COUNT, _PANEL),
    ),
    Story(
        "chest pain on exertion",
        "Unstable angina",
        "I20.0",
        "Serial troponins were negative. Coronary angiography showed moderate disease of the left anterior descending "
        "artery; medical management was preferred. Free of pain for 48 hours before discharge.",
        "METOPROLOL SUCCINATE ER 50 MG TABLET",
        "TAKE 1 TABLET BY MOUTH ONCE DAILY. DO NOT CRUSH OR CHEW",
        30,
        "CT coronary angiography with contrast",
        (_VISIT, _ECG, _PANEL, ("93458", "Left heart catheterization", 3120.0)),
    ),
    Story(
        "pain in the right lower abdomen",
        "Acute appendicitis",
        "K35.80",
        "CT confirmed an inflamed appendix without abscess. Laparoscopic appendectomy without complications; diet was "
        "advanced the next day and the wounds are clean and dry.",
        "ACETAMINOPHEN 500 MG TABLET",
        "TAKE 2 TABLETS BY MOUTH EVERY 8 HOURS AS NEEDED FOR PAIN",
        40,
        "CT abdomen and pelvis with contrast",
        (
            _VISIT,
            _COUNT,
            ("74177", "CT abdomen and pelvis, contrast", 1460.0),
            ("44970", "Laparoscopic appendectomy", 4875.0),
        ),
    ),
    Story(
        "headache and neck pain after a collision",
        "Concussion without loss of consciousness",
        "S06.0X0A",
        "CT of head and cervical spine showed no haemorrhage or fracture. Observed with neurological checks every four "
        "hours; symptoms improved and gait is steady.",
        "NAPROXEN 250 MG TABLET",
        "TAKE 1 TABLET BY MOUTH TWICE DAILY WITH MEALS",
        20,
        "CT head without contrast",
        (_VISIT, ("70450", "CT head without contrast", 890.0), _ECG, _COUNT),
    ),
    Story(
        "palpitations and fatigue",
        "Paroxysmal atrial fibrillation",
        "I48.0",
        "Converted to sinus rhythm on rate control. Echocardiography showed normal function. Anticoagulation was begun "
        "after counselling, and the implanted monitor was interrogated.",
        "APIXABAN 5 MG TABLET",
        "TAKE 1 TABLET BY MOUTH TWICE DAILY",
        60,
        "MR heart with and without contrast",
        (_VISIT, _ECG, _PANEL, ("93306", "Echocardiography, complete", 1325.0)),
    ),
)

ANALYTES: Final = (
    ("Hemoglobin", 11.0, 17.0, 1, "g/dL", "12.0 - 16.0"),
    ("White cell count", 3.5, 15.0, 1, "10^3/uL", "4.0 - 11.0"),
    ("Platelets", 130, 420, 0, "10^3/uL", "150 - 400"),
    ("Sodium", 131, 146, 0, "mmol/L", "135 - 145"),
    ("Potassium", 3.3, 5.3, 1, "mmol/L", "3.5 - 5.1"),
    ("Creatinine", 0.6, 1.7, 2, "mg/dL", "0.60 - 1.20"),
    ("Glucose", 68, 190, 0, "mg/dL", "70 - 99"),
    ("ALT", 10, 78, 0, "U/L", "7 - 56"),
    ("C-reactive protein", 0.4, 95, 1, "mg/L", "0.0 - 5.0"),
    ("TSH", 0.3, 5.2, 2, "mIU/L", "0.40 - 4.00"),
)
"""Name, lowest and highest drawn, decimals, unit, reference range."""
