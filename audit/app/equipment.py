"""What the app lends to probes."""

from __future__ import annotations

from audit.app.headers import reader_of
from audit.core.errors import InputError
from audit.core.probe import Probe, UsesReader
from audit.core.reading import Reader

OCR = "ocr:rapidocr"


def equipped(probe: Probe) -> Probe:
    """The probe with the OCR that comes with medaudit, where it can use one."""
    if not isinstance(probe, UsesReader):
        return probe
    reading: Probe = probe.with_reader(_ocr)
    return reading


def _ocr() -> Reader:
    reader = reader_of(OCR)
    if reader is None:
        raise InputError(f"The reader {OCR!r} is not there")
    return reader
