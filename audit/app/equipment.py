"""What the app lends to probes."""

from __future__ import annotations

from typing import Any

from audit.app.encoders import Encoders
from audit.app.headers import reader_of
from audit.core.errors import InputError
from audit.core.probe import Probe, UsesEncoder, UsesReader
from audit.core.reading import Reader

OCR = "ocr:rapidocr"


def equipped(probe: Probe, encoders: Encoders) -> Probe:
    """The probe with the OCR that comes with medaudit and with the encoders of the run, where it can use them."""
    lent: Any = probe
    if isinstance(lent, UsesReader):
        lent = lent.with_reader(_ocr)
    if isinstance(lent, UsesEncoder):
        lent = lent.with_encoder(encoders.lend)
    equipped_probe: Probe = lent
    return equipped_probe


def _ocr() -> Reader:
    reader = reader_of(OCR)
    if reader is None:
        raise InputError(f"The reader {OCR!r} is not there")
    return reader
