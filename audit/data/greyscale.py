"""Grey values to what is shown: windows as DICOM defines them, in one place for DICOM and NIfTI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def windowed(values: NDArray[Any], width: float, level: float, function: str = "LINEAR") -> NDArray[np.uint8]:
    """`values` through a window of `width` around `level`, as uint8.

    `function` is DICOM's VOI LUT function (PS3.3 C.11.2.1.2 and C.11.2.1.3): LINEAR, LINEAR_EXACT or SIGMOID. Raises
    `ValueError` for another function or a width that it does not allow (LINEAR: at least 1, else above 0).
    """
    import numpy as np

    if not np.isfinite([width, level]).all() or width < (1 if function == "LINEAR" else 1e-12):
        raise ValueError(f"the window {width:g} / {level:g} is not possible")
    x = values.astype(np.float64)
    if function == "SIGMOID":
        shown = 1 / (1 + np.exp(np.clip(-4 * (x - level) / width, -700, 700)))
    elif function == "LINEAR_EXACT":
        shown = (x - level) / width + 0.5
    elif function == "LINEAR":
        # at width 1 the window is a step: everything above level - 0.5 is white
        shown = np.where(x > level - 0.5, 1.0, 0.0) if width == 1 else (x - (level - 0.5)) / (width - 1) + 0.5
    else:
        raise ValueError(f"the VOI LUT function {function[:20]!r} is unknown")
    return np.rint(np.clip(shown, 0, 1) * 255).astype(np.uint8)


def full_range(values: NDArray[Any]) -> tuple[float, float]:
    """(width, level) for LINEAR from the 0.5th to the 99.5th percentile, at least 1 wide."""
    import numpy as np

    if values.size == 0:
        return 2.0, 0.5
    low, high = (float(value) for value in np.percentile(values, [0.5, 99.5]))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    return max(high - low, 1e-6) + 1.0, (low + high) / 2 + 0.5
