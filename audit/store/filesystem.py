"""Where SQLite's write-ahead log is safe: on local file systems only."""

from __future__ import annotations

from pathlib import Path

_LOCAL = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "apfs", "hfs", "tmpfs", "ramfs", "overlay", "jfs")
)
_MOUNTS = Path("/proc/self/mounts")


def wal_is_safe(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether `folder` lies on a file system known to be local.

    SQLite's write-ahead log needs memory shared between processes, which network file systems do not give
    (sqlite.org/wal.html, section 1). What cannot be recognised counts as unsafe.
    """
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    target, best, kind = folder.resolve(), -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].encode().decode("unicode_escape", "replace"))
        if target.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind in _LOCAL
