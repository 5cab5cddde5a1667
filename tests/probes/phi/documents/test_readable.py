"""An OCR program reads what is printed."""

from __future__ import annotations

import pytest

from probes.phi.documents import Look, document


@pytest.mark.slow
def test_rapidocr_reads_most_identifiers() -> None:
    rapidocr = pytest.importorskip("rapidocr", reason="rapidocr is not installed")
    page = document(0, 0, "billing-statement", Look(face="sans"))
    read = "".join(rapidocr.RapidOCR()(page.image.rgb()).txts).replace(" ", "").lower()
    values = [word.text.replace(" ", "").lower() for word in page.sheet.words if word.value]
    assert sum(value in read for value in values) >= 0.8 * len(values)
