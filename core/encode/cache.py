"""Embeddings kept on disk by the content of their text, so that nothing is encoded twice.

One key space (a folder) holds what one encoder in one setting made, in two files that only grow: ``rows.f32`` with
the embeddings and ``keys.bin`` with a hash of the text and a checksum of the row. Writers take turns by a file lock;
readers need none: a row that does not match its checksum counts as absent, whatever the reason.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.files import written_whole

RECORD = np.dtype([("high", "<u8"), ("low", "<u8"), ("check", "<u4")])
LIMIT_BYTES = 4 * 2**30


class EmbeddingCache:
    """Rows of one key space.

    Parameters
    ----------
    folder : Path
        Where all key spaces lie.
    space : str
        Names all that decides a row besides the text: model files, pooling, layer, length, number format.
    width : int
        Numbers per row.
    limit_bytes : int
        Of all key spaces together. Beyond it the longest unused spaces go first, then the older half of this one.
    """

    def __init__(self, folder: Path | str, space: str, width: int, limit_bytes: int = LIMIT_BYTES) -> None:
        self.root = Path(folder) / "embeddings"
        self.folder = self.root / hashlib.sha256(f"{space}|{width}".encode()).hexdigest()[:24]
        self.width = width
        self.limit_bytes = limit_bytes
        self._keys_file = self.folder / "keys.bin"
        self._rows_file = self.folder / "rows.f32"

    def get(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """What is known of these texts.

        Returns
        -------
        rows : float32 array (n, width)
            Undefined where nothing was found.
        found : bool array (n,)
        """
        rows = np.empty((len(texts), self.width), dtype=np.float32)
        found = np.zeros(len(texts), dtype=bool)
        records, stored = self._open()
        if not len(records) or not len(texts):
            return rows, found
        os.utime(self._keys_file)  # eviction spares what was used lately
        order = np.argsort(records["high"], kind="stable")
        asked = _hashes(texts)
        places = np.searchsorted(records["high"], asked["high"], side="right", sorter=order) - 1
        for position in np.flatnonzero(places >= 0):
            place = order[places[position]]  # the latest of its hash
            record = records[place]
            if record["high"] != asked["high"][position] or record["low"] != asked["low"][position]:
                continue
            row = stored[place]
            if zlib.crc32(row) == record["check"]:
                rows[position] = row
                found[position] = True
        return rows, found

    def put(self, texts: Sequence[str], rows: np.ndarray) -> None:
        """Keep rows; the newest of a text wins."""
        if not len(texts):
            return
        rows = np.ascontiguousarray(rows, dtype="<f4")
        records = _hashes(texts)
        records["check"] = [zlib.crc32(row) for row in rows]
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._writing():
            n_whole = self._mend()
            with self._rows_file.open("ab") as file:
                file.write(rows.tobytes())
            with self._keys_file.open("ab") as file:
                file.write(records.tobytes())
            self._make_room(n_whole + len(rows))

    def __len__(self) -> int:
        return len(self._open()[0])

    def _open(self) -> tuple[np.ndarray, np.ndarray]:
        nothing = np.empty(0, dtype=RECORD), np.empty((0, self.width), dtype="<f4")
        try:
            keys = self._keys_file.read_bytes()
            n_rows = self._rows_file.stat().st_size // (4 * self.width)
            n_whole = min(len(keys) // RECORD.itemsize, n_rows)
            if not n_whole:
                return nothing
            stored = np.memmap(self._rows_file, dtype="<f4", mode="r", shape=(n_whole, self.width))
        except FileNotFoundError:  # nothing yet, or the cache was cleared just now
            return nothing
        return np.frombuffer(keys, dtype=RECORD, count=n_whole), stored

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _mend(self) -> int:
        """Cut off what an interrupted writer left half-written.  →  whole rows"""
        sizes = [
            path.stat().st_size // step if path.exists() else 0
            for path, step in ((self._keys_file, RECORD.itemsize), (self._rows_file, 4 * self.width))
        ]
        n_whole = min(sizes)
        for path, step in ((self._keys_file, RECORD.itemsize), (self._rows_file, 4 * self.width)):
            if path.exists() and path.stat().st_size != n_whole * step:
                os.truncate(path, n_whole * step)
        return n_whole

    def _make_room(self, n_rows: int) -> None:
        spaces = sorted(
            (folder for folder in self.root.iterdir() if folder != self.folder and (folder / "keys.bin").exists()),
            key=lambda folder: (folder / "keys.bin").stat().st_mtime,
        )
        too_much = _bytes(self.folder) + sum(map(_bytes, spaces)) - self.limit_bytes
        for folder in spaces:
            if too_much <= 0:
                return
            too_much -= _bytes(folder)
            shutil.rmtree(folder, ignore_errors=True)
        if too_much > 0:
            self._forget_older(n_rows // 2)

    def _forget_older(self, n_rows: int) -> None:
        for path, step in ((self._rows_file, 4 * self.width), (self._keys_file, RECORD.itemsize)):
            with written_whole(path) as place, path.open("rb") as old, place.open("wb") as new:
                old.seek(n_rows * step)
                shutil.copyfileobj(old, new, 2**22)


def _hashes(texts: Sequence[str]) -> np.ndarray:
    joined = b"".join(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts)
    pairs = np.frombuffer(joined, dtype="<u8").reshape(-1, 2)
    records = np.zeros(len(texts), dtype=RECORD)
    records["high"], records["low"] = pairs[:, 0], pairs[:, 1]
    return records


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
