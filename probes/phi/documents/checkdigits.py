"""Check digits of the identifiers that have one."""

from __future__ import annotations

VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # no I, O, Q
_VIN_VALUES = dict(zip(VIN_LETTERS, (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_SOUNDEX = {
    letter: digit for digit, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1) for letter in letters
}


def luhn(payload: str) -> str:
    """The digit that follows `payload` (ISO/IEC 7812-1 annex B); also HL7's scheme M10 and that of an IMEI."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(payload))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def npi(payload: str) -> str:
    """The tenth digit of a National Provider Identifier: Luhn behind the issuer prefix 80840 (45 CFR 162.406)."""
    return luhn("80840" + payload)


def gs1(payload: str) -> str:
    """The last digit of a GTIN (GS1 General Specifications 7.9): weights 3, 1, 3, ... from the right."""
    return str(-sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(reversed(payload))) % 10)


def dea(payload: str) -> str:
    """The seventh digit of a DEA registration number: d1 + d3 + d5 + 2 (d2 + d4 + d6), last digit."""
    digits = [int(digit) for digit in payload]
    return str((sum(digits[0::2]) + 2 * sum(digits[1::2])) % 10)


def vin(number: str) -> str:
    """The ninth character of a 17-character vehicle number (49 CFR 565.15(c)); what stands there now is ignored."""
    values = [int(char) if char.isdigit() else _VIN_VALUES[char] for char in number]
    rest = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def soundex(surname: str) -> str:
    """The American Soundex code of a surname, a letter and three digits (US National Archives)."""
    letters = [letter for letter in surname.upper() if letter.isalpha()]
    code, last = "", _SOUNDEX.get(letters[0], 0)
    for letter in letters[1:]:
        digit = _SOUNDEX.get(letter, 0)
        if digit and digit != last:
            code += str(digit)
        if letter not in "HW":
            last = digit
    return (letters[0] + code + "000")[:4]
