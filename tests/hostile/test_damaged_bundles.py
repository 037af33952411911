"""Damage to a bundle's zip, or to what is in it under true fingerprints: each was once another exception than ours."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from core.bundles import archive as unzipping
from core.bundles import bundle
from core.messages import UnreadableFile
from scripts.fuzz.broken import archive, entries
from scripts.fuzz.bundles import WHOLE, vouched_for

ZIP = WHOLE["format_2.zip"]


def bits_of_an_entry_changed() -> bytes:
    """What is packed can't be unpacked: `zlib.error`."""
    with zipfile.ZipFile(io.BytesIO(ZIP)) as packed:
        entry = packed.getinfo(next(name for name in packed.namelist() if name.endswith("manifest.json")))
    begin = entry.header_offset + 30 + len(entry.filename) + 20
    return ZIP[:begin] + b"\xff" * 50 + ZIP[begin + 50 :]


def beginning_cut_off() -> bytes:
    """Every entry lies before the beginning of the file: `OSError`."""
    return ZIP[:1] + ZIP[1000:]


def said_to_be_encrypted() -> bytes:
    """A password is asked for: `RuntimeError`."""
    return _with_word(6, 8, 1)


def packed_in_an_unknown_way() -> bytes:
    """`NotImplementedError`."""
    return _with_word(8, 10, 77)


def _with_word(local: int, central: int, value: int) -> bytes:
    """The same 16 bits in every entry's header, and in the list of them at the end."""
    content = bytearray(ZIP)
    for sign, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = content.find(sign)
        while place >= 0:
            content[place + offset : place + offset + 2] = struct.pack("<H", value)
            place = content.find(sign, place + 4)
    return bytes(content)


def header_of_an_array_left_open() -> bytes:
    """`tokenize.TokenError`."""
    return _with_arrays(lambda content: content[:10] + b"(" * (len(content) - 10))


def array_of_a_size_that_is_none() -> bytes:
    """`MemoryError`."""
    told = b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999,), }"
    return _with_arrays(lambda _content: b"\x93NUMPY\x01\x00" + struct.pack("<H", len(told) + 1) + told + b"\n")


def without_a_fitted_part() -> bytes:
    """The object is of a trusted type, but has not what such an object has: `AttributeError`."""
    return _with(".json", lambda content: content.replace(b'"members_"', b'"members"'))


def _with_arrays(changed) -> bytes:
    return _with(".npy", changed)


def _with(ending: str, changed) -> bytes:
    parts = []
    for name, content in entries(ZIP):
        if name.endswith("pipeline.skops"):
            inner = [(one, changed(held) if one.endswith(ending) else held) for one, held in entries(content)]
            parts.append((name, archive(inner)))
        else:
            parts.append((name, content))
    return archive(vouched_for(parts))


@pytest.mark.parametrize(
    "damaged",
    [
        bits_of_an_entry_changed,
        beginning_cut_off,
        said_to_be_encrypted,
        packed_in_an_unknown_way,
        header_of_an_array_left_open,
        array_of_a_size_that_is_none,
        without_a_fitted_part,
    ],
    ids=lambda made: made.__name__,
)
def test_a_damaged_bundle_is_refused_in_a_sentence(damaged, tmp_path):
    (tmp_path / "bundle.zip").write_bytes(damaged())
    with pytest.raises(UnreadableFile):
        bundle.load(tmp_path / "bundle.zip", foreign=True)


def test_a_full_disk_is_not_the_bundles_fault(tmp_path, monkeypatch):
    (tmp_path / "bundle.zip").write_bytes(ZIP)

    def full(*_files):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unzipping.shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        bundle.load(tmp_path / "bundle.zip", foreign=True)
