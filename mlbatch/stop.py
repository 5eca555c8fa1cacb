"""What stops a job (無法執行): one exception, and what the system says in words for the clerk."""

from __future__ import annotations

import errno

REASONS = {
    errno.ENOSPC: "磁碟空間不足",
    errno.EDQUOT: "磁碟配額已滿",
    errno.EACCES: "沒有讀寫權限，或檔案正在開啟",
    errno.EPERM: "沒有讀寫權限，或檔案正在開啟",
    errno.EBUSY: "資料夾使用中",
    errno.EROFS: "磁碟為唯讀",
    errno.ENAMETOOLONG: "路徑過長",
    errno.EIO: "磁碟讀寫錯誤",
    errno.EMFILE: "開啟之檔案過多",
    errno.ENFILE: "開啟之檔案過多",
}


class CannotRun(Exception):
    """The program cannot run; the text names what is missing and what to do."""


def reason(problem: OSError) -> str:
    """Why the system refused, in words: 磁碟空間不足."""
    return REASONS.get(problem.errno, f"系統錯誤 {problem.errno}")
