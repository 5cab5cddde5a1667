"""Images per second of each corruption at 224 px, beside albumentations' transform of the same kind in the same run.

`python benchmarks/corruptions.py`; one core, medians of repeats.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations
import cv2

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from probes.shifts.corruptions import CORRUPTIONS, corrupt

KINDS = {
    "X-ray": "chest radiograph",
    "CT": "abdominal CT",
    "MRI": "brain MRI",
    "ultrasound": "ultrasound",
    "histology": "histology",
}
SEVERITY = 3
# Their nearest transform, at about the same strength: many compute something a little different.
THEIRS: dict[str, albumentations.BasicTransform] = {
    "gaussian_noise": albumentations.GaussNoise(std_range=(0.12, 0.12), per_channel=False, p=1),
    "speckle_noise": albumentations.MultiplicativeNoise(multiplier=(0.8, 1.2), elementwise=True, p=1),
    "impulse_noise": albumentations.SaltAndPepper(amount=(0.06, 0.06), p=1),
    "shot_noise": albumentations.ShotNoise(scale_range=(0.05, 0.05), p=1),
    "gaussian_blur": albumentations.GaussianBlur(blur_limit=(7, 7), sigma_limit=(1.4, 1.4), p=1),
    "defocus_blur": albumentations.Defocus(radius=(6, 6), alias_blur=(0.3, 0.3), p=1),
    "motion_blur": albumentations.MotionBlur(blur_limit=(15, 15), p=1),
    "zoom_blur": albumentations.ZoomBlur(max_factor=(1.2, 1.2), step_factor=(0.02, 0.02), p=1),
    "brightness_up": albumentations.RandomBrightnessContrast((0.3, 0.3), (0, 0), p=1),
    "contrast_down": albumentations.RandomBrightnessContrast((0, 0), (-0.3, -0.3), p=1),
    "gamma_up": albumentations.RandomGamma((130, 130), p=1),
    "saturation": albumentations.HueSaturationValue(0, (38, 38), 0, p=1),
    "photometric_inversion": albumentations.InvertImg(p=1),
    "pixelate": albumentations.Downscale(scale_range=(0.2, 0.2), p=1),
    "jpeg": albumentations.ImageCompression(quality_range=(15, 15), p=1),
    "stain": albumentations.HEStain(method="random_preset", p=1),
    "mirror": albumentations.HorizontalFlip(p=1),
}


def per_second(work: Callable[[], object], repeats: int = 5, least: float = 0.1) -> float:
    """Calls per second: the median of repeats of at least `least` seconds, after one call that is not counted."""
    work()
    rates = []
    for _ in range(repeats):
        start, count = time.perf_counter(), 0
        while (spent := time.perf_counter() - start) < least:
            work()
            count += 1
        rates.append(count / spent)
    return statistics.median(rates)


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    images = {modality: render(draw_case(1, 0, Wish(kind=kind)), 224) for modality, kind in KINDS.items()}
    images["dermoscopy"] = render(draw_case(1, 4, Wish(kind="fundus photograph")), 224)
    print(f"{'corruption':24} {'image':18} {'ours/s':>8} {'theirs/s':>9}  their transform")
    for name, entry in CORRUPTIONS.items():
        modality = next(m for m in entry.modalities or ("X-ray",) if m in images)
        pixels = images[modality]
        ours = per_second(lambda n=name, m=modality, p=pixels: corrupt(p, n, SEVERITY, m, 0))  # type: ignore[misc]
        shown = f"{modality} {'RGB' if pixels.ndim == 3 else 'grey'}"
        line = f"{name:24} {shown:18} {ours:8.0f}"
        if name in THEIRS:
            theirs = per_second(lambda t=THEIRS[name], p=pixels: t(image=p))  # type: ignore[misc]
            line += f" {theirs:9.0f}  {type(THEIRS[name]).__name__}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
