"""The size that compressed pixels state themselves: read before a decoder allocates it."""

from __future__ import annotations

_J2K_START = b"\xff\x4f\xff\x51"  # SOC and SIZ, ISO/IEC 15444-1 A.4.1 and A.5.1
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}  # SOFn; F7 is JPEG-LS


def codestream_size(data: bytes) -> tuple[int, int, int] | None:
    """(width, height, components) of a JPEG, JPEG-LS or JPEG 2000 codestream, None where none is stated.

    ISO/IEC 10918-1 B.2.2 (frame header), 14495-1 C.2.2, 15444-1 A.5.1 (SIZ).
    """
    start = data.find(_J2K_START, 0, 4096)
    if start >= 0:
        return _j2k(data[start + 4 : start + 42])
    return _jpeg(data) if data[:2] == b"\xff\xd8" else None


def _j2k(siz: bytes) -> tuple[int, int, int] | None:
    if len(siz) < 38:
        return None
    right, bottom, left, top = (int.from_bytes(siz[at : at + 4], "big") for at in (4, 8, 12, 16))
    return max(0, right - left), max(0, bottom - top), int.from_bytes(siz[36:38], "big")


def _jpeg(data: bytes) -> tuple[int, int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _NO_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_HEADERS:
            height, width = (int.from_bytes(data[at + place : at + place + 2], "big") for place in (5, 7))
            return width, height, data[at + 9]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
