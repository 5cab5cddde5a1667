"""ocr:rapidocr: reads what is printed, the same each time, without a network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import ImageDraw

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.query import Option, Query, ask
from audit.core.reading import Reader
from audit.models import torch_device
from audit.models.rapidocr import RapidOcr, networks
from audit.models.table import open_model
from medaudit.testing import check_adapter
from probes.phi.documents.typeface import Font


def drawn(*lines: str, size: int = 24) -> NDArray[np.uint8]:
    """Black lines of text on white, (320, 420) grey."""
    sheet = PilImage.new("L", (420, 320), 255)
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        pen.text((12, 44 + 44 * row - 8), line, fill=0, font=Font("sans", size).load(), anchor="ls")
    return np.asarray(sheet)


@pytest.fixture(scope="module")
def model() -> Iterator[RapidOcr]:
    pytest.importorskip("rapidocr", reason="the ocr extra is not installed")
    opened = open_model("ocr:rapidocr")
    assert isinstance(opened, RapidOcr)
    yield opened
    opened.close()


def asked(model: RapidOcr, *queries: Query) -> list[str]:
    return [answer.text for _, answer in sorted(model.answers(queries), key=lambda pair: pair[0])]


def test_it_reads_lines_in_order_whatever_is_asked_and_nothing_without_an_image(
    model: RapidOcr, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refused)
    image = Image.of(drawn("Name Maria Lopez", "MRN 46954616"))
    other = Image.of(drawn("Second page"))
    first, second, third = asked(
        model, Query(ask(image, "What is this?")), Query(ask("No image")), Query(ask(image, other, "Read"))
    )
    assert first.replace(" ", "") == "NameMariaLopez\nMRN46954616"
    assert second == ""
    assert third == f"{first}\nSecond page"


def test_boxes_hold_the_ink(model: RapidOcr) -> None:
    pixels = drawn("Peter W. Dubois")
    (piece,) = model.read(pixels)
    rows, columns = np.nonzero(pixels < 128)
    assert isinstance(model, Reader)
    assert piece.box[0] <= columns.min() + 2
    assert piece.box[2] >= columns.max() - 2
    assert piece.box[1] <= rows.min() + 2
    assert piece.box[3] >= rows.max() - 2
    assert len(piece.edges) == len(piece.text) + 1
    gap = piece.edges[piece.text.index("Dubois")]
    inked = columns[columns > gap - 3].min()
    assert abs(inked - gap) < 12


def test_depth_colour_and_tiny_images(model: RapidOcr) -> None:
    pixels = drawn("Account 77-3168309")
    deep = pixels.astype(np.uint16) << 8
    assert model.read(np.repeat(pixels[:, :, None], 3, axis=2)) == model.read(pixels) == model.read(deep)
    assert model.read(np.zeros((1, 1), dtype=np.uint8)) == ()
    assert model.read(np.full((40, 50), 255, dtype=np.uint8)) == ()


def test_the_contract_of_adapters(model: RapidOcr) -> None:
    check_adapter(model, Image.of(drawn("Left")))


def test_what_it_cannot_do_fails_and_says_so(model: RapidOcr) -> None:
    image = Image.of(drawn("Left"))
    options = (Option("A", "left"), Option("B", "right"))
    (choice,) = [answer for _, answer in model.answers([Query(ask(image, "?"), options, "choose")])]
    assert (choice.status, choice.detail) == ("error", "an OCR program reads; it cannot choose")

    def broken() -> NDArray[np.uint8]:
        raise InputError("is cut off", path="x.png")

    (unread,) = [answer for _, answer in model.answers([Query(ask(Image(broken), "?"))])]
    assert (unread.status, unread.detail) == ("error", "x.png: is cut off")


def test_the_fingerprint_names_networks_and_versions(model: RapidOcr) -> None:
    print_ = model.fingerprint
    assert sorted(networks()) == ["Cls", "Det", "Rec"]
    assert set(print_["files"]) == {path.name for path in networks().values()}  # type: ignore[arg-type]
    assert open_model("ocr:rapidocr?threads=1").fingerprint != print_


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("ocr:tesseract", "Unknown OCR program 'tesseract' (known: ocr:rapidocr)"),
        ("ocr:rapidocr?threads=0", "Expected threads in model 'ocr:rapidocr?threads=0' to be 1 to 256 but got '0'"),
        ("ocr:rapidocr?lang=de", "Unknown setting 'lang' in model 'ocr:rapidocr?lang=de' (known settings: threads)"),
    ],
)
def test_wrong_specs_are_refused_in_one_line(spec: str, message: str) -> None:
    pytest.importorskip("rapidocr", reason="the ocr extra is not installed")
    with pytest.raises(InputError) as caught:
        open_model(spec)
    assert str(caught.value) == message


def test_without_the_extra_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(torch_device, "version", absent)
    with pytest.raises(InputError) as caught:
        open_model("ocr:rapidocr")
    assert str(caught.value) == "This model needs the package rapidocr (pip install 'medaudit[ocr]')"
