"""Pseudonyms: what stands for a patient, a study or a site outside the reader."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from audit.core.canonical import digest

_PLACEHOLDER = re.compile(r"(anon(ymous|ymi[sz]ed)?|unknown|none|n/?a|null|no\s*id|test|[0x\-*. ]*)", re.IGNORECASE)


def salt_of(pixel_hashes: Iterable[str]) -> str:
    """The salt of a data set: a digest of its sorted pixel hashes, so that pseudonyms of two data sets do not match up
    and nobody without the images can try identifiers out."""
    return digest(sorted(pixel_hashes))


def pseudonym(prefix: str, salt: str, value: str, digits: int = 10) -> str:
    """`prefix-` and the first hex digits of sha256 over (salt, prefix, value)."""
    return f"{prefix}-{hashlib.sha256(f'{salt}|{prefix}|{value}'.encode()).hexdigest()[:digits]}"


def is_placeholder(identifier: str) -> bool:
    """Whether a patient identifier says nothing ("ANONYMOUS", "0000"): it would make one cluster of many people."""
    return _PLACEHOLDER.fullmatch(identifier.strip()) is not None
