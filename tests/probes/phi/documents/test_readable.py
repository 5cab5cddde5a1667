"""An OCR program reads what is printed."""

from __future__ import annotations

import pytest

from audit.models.rapidocr import RapidOcr
from audit.models.table import open_model
from probes.phi.documents import Look, document


@pytest.mark.slow
def test_rapidocr_reads_most_identifiers() -> None:
    pytest.importorskip("rapidocr", reason="the ocr extra is not installed")
    model = open_model("ocr:rapidocr")
    assert isinstance(model, RapidOcr)
    page = document(0, 0, "billing-statement", Look(face="sans"))
    read = "".join(piece.text for piece in model.read(page.image.pixels)).replace(" ", "").lower()
    values = [word.text.replace(" ", "").lower() for word in page.sheet.words if word.value]
    assert sum(value in read for value in values) >= 0.8 * len(values)
