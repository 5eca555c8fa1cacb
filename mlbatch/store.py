"""What a run keeps for the next one (留存): values by sort and key, in one SQLite file beside the output.

It is only a shortcut. A run from nothing gives the same bytes; the folder may be deleted at any time. It is begun anew when
the recipe differs, and thrown away when it is damaged; a value that is not just as it was put is as good as none. What the
last run did not use is gone from it. It holds what is in the inbox, so whoever may not read the inbox may not read it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

NAME = "kept.sqlite"
SETTINGS = ("journal_mode = DELETE", "synchronous = OFF", "secure_delete = ON", "trusted_schema = OFF")
TABLE = """CREATE TABLE IF NOT EXISTS kept (
    sort TEXT NOT NULL, key TEXT NOT NULL, sum BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (sort, key))"""
RECIPE = ("recipe", "recipe")
OWN = 0o700  # the owner's rights, without which nothing can be kept


class Store:
    """The values that are kept in a folder; where they cannot be read or written it is as if there were none."""

    def __init__(self, folder: Path, recipe: str, like: Path) -> None:
        """Open or begin the store of `folder`, with the rights of the folder `like`."""
        self._folder, self._used = folder, {RECIPE}
        self._there: sqlite3.Connection | None = None
        self._keys: set[tuple[str, str]] = set()
        for _ in range(2):
            try:
                self._open(like.stat().st_mode & 0o777 | OWN)
                self._keys = {(sort, key) for sort, key in self._do("SELECT sort, key FROM kept")}
                if self.get(*RECIPE) == recipe.encode() or not self._keys:
                    break
            except (OSError, sqlite3.Error):
                pass
            self._discard()
        if self._there:
            self.put(*RECIPE, recipe.encode())

    def _open(self, rights: int) -> None:
        self._folder.mkdir(exist_ok=True)
        self._folder.chmod(rights)
        path = self._folder / NAME
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        os.close(os.open(path, flags, rights & 0o666))
        path.chmod(rights & 0o666)
        self._there = sqlite3.connect(path, isolation_level=None)
        for setting in SETTINGS:
            self._do(f"PRAGMA {setting}")
        self._do(TABLE)
        self._do("BEGIN IMMEDIATE")

    def _do(self, sql: str, *values: object) -> list[tuple]:
        return self._there.execute(sql, values).fetchall()

    def __contains__(self, place: tuple[str, str]) -> bool:
        return place in self._keys

    def has(self, sort: str) -> bool:
        """Whether anything of that sort was kept by an earlier run."""
        return any(one == sort for one, _ in self._keys)

    def hold(self, sort: str, key: str) -> bool:
        """Keep a value for the next run without looking at it; whether it is there."""
        there = (sort, key) in self._keys or (sort, key) in self._used
        if there:
            self._used.add((sort, key))
        return there

    def get(self, sort: str, key: str) -> bytes | None:
        """A value; None for one that is not there, or not as it was put."""
        if (sort, key) not in self._keys or not self._there:
            return None
        try:
            found = self._do("SELECT sum, value FROM kept WHERE sort = ? AND key = ?", sort, key)
        except sqlite3.Error:
            self._discard()
            return None
        if not found or found[0][0] != _sum(sort, key, found[0][1]):
            return None
        self._used.add((sort, key))
        return found[0][1]

    def put(self, sort: str, key: str, value: bytes) -> None:
        """Keep a value."""
        self._used.add((sort, key))
        if not self._there:
            return
        try:
            sql = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)"
            self._do(sql, sort, key, _sum(sort, key, value), value)
        except sqlite3.Error:
            self._discard()

    def close(self, prune: bool) -> None:
        """Write what is kept; with `prune` drop what this run did not use."""
        if not self._there:
            return
        try:
            for sort, key in self._keys - self._used if prune else ():
                self._do("DELETE FROM kept WHERE sort = ? AND key = ?", sort, key)
            self._do("COMMIT")
            self._there.close()
        except sqlite3.Error:
            self._discard()
        self._there = None

    def _discard(self) -> None:
        if self._there:
            self._there.close()
        self._there, self._keys = None, set()
        shutil.rmtree(self._folder, ignore_errors=True)


def _sum(sort: str, key: str, value: bytes) -> bytes:
    own = hashlib.blake2b(f"{sort}\0{key}\0".encode(), digest_size=16)
    own.update(value)
    return own.digest()
