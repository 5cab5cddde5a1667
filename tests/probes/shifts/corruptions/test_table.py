"""The published values, transcribed apart from the registry: five numbers, or the first and the last of equal steps."""

from __future__ import annotations

import numpy as np
import pytest

from probes.shifts.corruptions import CORRUPTIONS

CHEST, CT, SKIN, SECTION, EYE = "X-ray", "CT", "dermoscopy", "histology", "fundus photograph"
PUBLISHED: dict[str, dict[str, str]] = {
    "pixelate": {
        CHEST: ".3 .25 .2 .15 .1", CT: ".7 .6 .5 .4 .35", SKIN: ".7 .5 .4 .3 .25", SECTION: ".8 .6 .4 .3 .25",
        EYE: ".8 .6 .5 .4 .35", "ultrasound": ".3 to .1", "OCT": ".3 to .1", "X-ray:pneumonia": ".8 .7 .6 .5 .4",
    },
    "jpeg": {
        CHEST: "50 30 15 10 7", CT: "50 30 15 10 7", SKIN: "30 20 15 10 7", SECTION: "50 30 15 10 7",
        EYE: "30 25 20 10 5", "ultrasound": "50 30 15 10 7", "OCT": "30 15 10 7 5",
    },
    "gaussian_noise": {
        CHEST: ".04 .08 .12 .18 .26", CT: ".04 to .20", SKIN: ".04 .08 .12 .18 .26", EYE: ".04 to .20",
        "X-ray:pneumonia": ".04 to .08",
    },
    "speckle_noise": {
        CHEST: ".05 .15 .2 .35 .45", CT: ".05 .1 .2 .3 .4", SKIN: ".05 .15 .2 .35 .45", EYE: ".1 to .3",
        "ultrasound": ".1 to .3", "OCT": ".15 .3 .4 .5 .6", "X-ray:pneumonia": ".05 .07 .1 .15 .2",
    },
    "impulse_noise": {
        CHEST: ".01 .03 .06 .09 .17", CT: ".01 .02 .03 .05 .08", SKIN: ".01 .03 .06 .09 .17",
        "X-ray:pneumonia": ".005 .01 .013 .017 .02",
    },
    "shot_noise": {
        CHEST: "60 25 18 10 5", CT: "200 100 50 25 15", SKIN: "60 25 18 10 5", "X-ray:pneumonia": "300 200 150 100 80",
    },
    "gaussian_blur": {CHEST: "3 5 7 9 11", CT: "11 13 15 17 21"},
    "brightness_up": {
        CHEST: "1.1 to 1.5", CT: "1.2 to 1.6", SKIN: "1.1 to 1.5", SECTION: "1.1 1.15 1.2 1.22 1.25",
        "ultrasound": "1.4 1.5 1.6 1.8 2",
    },
    "brightness_down": {
        CHEST: ".9 to .5", CT: ".8 to .6", SKIN: ".9 to .5", SECTION: ".85 .8 .75 .72 .7", EYE: ".9 to .5",
        "ultrasound": ".55 .5 .45 .4 .3",
    },
    "contrast_up": {
        CHEST: "1.1 1.2 1.3 1.4 1.6", CT: "1.3 1.4 1.6 1.7 1.8", SKIN: "1.1 1.2 1.3 1.4 1.6",
        SECTION: "1.1 1.2 1.3 1.4 1.6",
    },
    "contrast_down": {
        CHEST: ".9 .8 .7 .6 .4", CT: ".8 .7 .6 .55 .5", SKIN: ".8 to .4", SECTION: ".8 .7 .6 .55 .5",
        EYE: ".9 .8 .7 .6 .4", "ultrasound": ".9 .8 .7 .6 .4", "OCT": ".6 .4 .3 .2 .15",
    },
    "gamma_up": {CHEST: "1.1 1.2 1.3 1.4 1.6", CT: "1.3 1.4 1.6 1.8 2"},
    "gamma_down": {CHEST: ".9 .8 .7 .6 .4", CT: ".9 .8 .7 .6 .4"},
    "saturation": {SECTION: ".05 to .25"},
    "black_corner": {SKIN: "1.1 1.05 1 .95 .9"},
    "defocus_blur": {
        SECTION: "3,.1 4,.1 5,.2 6,.2 7,.3", SKIN: "4,.1 5,.2 6,.3 7,.4 8,.5", EYE: "4,.1 5,.2 6,.3 7,.4 8,.5",
        "OCT": ".5,.6 1,.5 1.5,.1 2,.5 2.5,.1",
    },
    "motion_blur": {
        SECTION: "5,5 10,5 15,5 15,8 15,12", SKIN: "10,5 15,5 15,8 15,12 20,15", EYE: "8,5 15,5 15,8 15,12 20,15",
        "ultrasound": "5,5 9,7 9,10 13,10 17,12", "OCT": "10,3 15,5 15,8 15,12 20,15",
    },
    "bubbles": {SECTION: "7,15 10,15 12,15 15,20 17,25"},
    "burned_in_characters": {SKIN: "1,6,.14 2,7,.15 3,8,.16 4,9,.17 6,10,.18"},
}  # fmt: skip


def _read(text: str) -> list[tuple[float, ...]]:
    if " to " in text:
        first, last = map(float, text.split(" to "))
        return [(float(value),) for value in np.linspace(first, last, 5)]
    return [tuple(map(float, word.split(","))) for word in text.split()]


@pytest.mark.parametrize("name", PUBLISHED)
def test_values_are_those_published(name: str) -> None:
    entry = CORRUPTIONS[name]
    assert set(PUBLISHED[name]) == set(entry.severities) - {"*"}
    for modality, text in PUBLISHED[name].items():
        got = [entry.value(severity, modality) for severity in range(1, 6)]
        flat = [value if isinstance(value, tuple) else (value,) for value in got]
        np.testing.assert_allclose(flat, _read(text), atol=1e-9, err_msg=modality)


def test_zoom_goes_up_to_the_published_factors() -> None:
    values = [CORRUPTIONS["zoom_blur"].value(severity, SKIN) for severity in range(1, 6)]
    assert [value[0] for value in values if isinstance(value, tuple)] == [1.11, 1.15, 1.20, 1.24, 1.30]
