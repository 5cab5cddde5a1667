"""Phantoms: seeded, parametric medical images with complete ground truth, for audits without patients.

`phantoms` makes a data set in memory, `write_phantoms` a folder that any user (or another program) can read.
"""

from audit.data.phantoms.folder import write_phantoms
from audit.data.phantoms.series import phantoms

__all__ = ["phantoms", "write_phantoms"]
