"""The recognisers, in the order in which they claim characters: a new one is a line in its file."""

from __future__ import annotations

from typing import Final

from probes.phi.text.contacts import ADDRESSES, FAXES, PHONES
from probes.phi.text.dates import DATES
from probes.phi.text.labels import LABELLED
from probes.phi.text.names import NAMES, ORGANISATIONS, SIGNED
from probes.phi.text.numbers import CHECKED
from probes.phi.text.places import PLACES
from probes.phi.text.recogniser import Recogniser

RECOGNISERS: Final[tuple[Recogniser, ...]] = (
    *ADDRESSES,
    *CHECKED,
    *FAXES,
    *DATES,
    *PHONES,
    *SIGNED,
    *PLACES,
    *LABELLED,
    *ORGANISATIONS,
    *NAMES,
)
