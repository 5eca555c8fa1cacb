"""Two folders change places in one step, where the system can (互換).

Linux has `renameat2`, macOS `renamex_np`; Windows has nothing like it, and some file systems
refuse. The standard library offers none of them (docs/decisions/0015).
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

AT_FDCWD = -100
LINUX_EXCHANGE = 2  # RENAME_EXCHANGE
MAC_SWAP = 2  # RENAME_SWAP
CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV, errno.EPERM}


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system change places; False where that cannot be done.

    Nothing has changed when it returns False. Raises OSError for any other failure.
    """
    if not (call := _call()):
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _call():
    """The system's own function of two paths, or None."""
    if sys.platform == "win32":
        return None
    system = ctypes.CDLL(None, use_errno=True)
    if rename := getattr(system, "renameat2", None):
        return lambda one, other: rename(AT_FDCWD, one, AT_FDCWD, other, LINUX_EXCHANGE)
    if rename := getattr(system, "renamex_np", None):
        return lambda one, other: rename(one, other, MAC_SWAP)
    return None
