"""Words that the recognisers of names and places know."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
    "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP FM PW MH AE AP AA "
)
STATES: Final = tuple(_CODES.split())

STATE_NAMES: Final = (
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware", "Florida",
    "Georgia", "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland",
    "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada",
    "New Hampshire", "New Jersey", "New Mexico", "New York", "North Carolina", "North Dakota", "Ohio", "Oklahoma",
    "Oregon", "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota", "Tennessee", "Texas", "Utah", "Vermont",
    "Virginia", "Washington", "West Virginia", "Wisconsin", "Wyoming",
)  # fmt: skip

STREET_KINDS: Final = (
    "street", "st", "avenue", "ave", "road", "rd", "lane", "ln", "drive", "dr", "court", "ct", "boulevard", "blvd",
    "place", "pl", "terrace", "ter", "way", "circle", "cir", "highway", "hwy", "parkway", "pkwy", "square", "sq",
    "trail", "trl", "alley", "plaza", "crescent", "close", "loop", "turnpike", "route", "row", "walk",
)  # fmt: skip

_SUFFIXES = (
    "annex arcade bayou beach bend bluff bluffs bottom branch bridge brook brooks burg burgs bypass camp canyon "
    "cape causeway cliff cliffs club common commons corner corners course courts cove coves creek crest crossing "
    "crossroad curve dale dam divide estate estates expressway extension extensions fall falls ferry flat flats "
    "ford fords forest forge forges fork forks fort freeway garden gardens gateway glen glens green greens grove "
    "groves harbor harbors haven heights hills hollow inlet island islands isle junction junctions key keys knoll "
    "knolls lakes landing light lights loaf lock locks lodge mall manor manors meadow meadows mews mill mills "
    "mission motorway mountain mountains neck orchard oval overpass parks parkways pass passage path pike pine "
    "pines plain plains plazas point points port ports prairie radial ramp ranch rapid rapids ridge ridges river "
    "roads rue run shoal shoals shore shores skyway spring springs spur spurs squares station stream streets "
    "summit throughway trace track trafficway tunnel underpass union unions valley valleys via viaduct view views "
    "village villages ville vista walks wall ways well wells "
)
OTHER_STREET_KINDS: Final = tuple(_SUFFIXES.split())
"""The rarer suffixes of USPS Publication 28, appendix C1: ordinary words, so they count with a capital letter only."""

INSTITUTION_KINDS: Final = (
    "Medical Center", "Medical Centre", "General Hospital", "Regional Hospital", "Memorial Hospital",
    "Community Hospital", "University Hospital", "Childrens Hospital", "Children's Hospital", "Hospital", "Hospitals",
    "Clinic", "Clinics", "Health System", "Health Center", "Health Centre", "Healthcare", "Health Care",
    "Insurance", "Insurance Company", "Health Plan", "Mutual Insurance", "Medical Group",
    "Medical Associates", "Infirmary", "Hospice", "Nursing Home", "Surgery Center", "Cancer Center",
    "Imaging Center", "Pharmacy", "Laboratories", "Family Practice", "Diagnostics",
)  # fmt: skip


def _listed(name: str) -> frozenset[str]:
    """The words of a file of `words/`, lower case; lines with # are remarks."""
    text = files("probes.phi.text").joinpath("words", f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


GIVEN: Final = _listed("given")
"""Common given names of the United States."""

COMMON: Final = _listed("common")
"""Words of forms and reports that are no name where a label might suggest one."""

AMBIGUOUS: Final = _listed("ambiguous")
"""Surnames that are ordinary words."""
