"""What comes out of a zip, and what does not."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from core.bundles import archive
from core.messages import UnreadableFile


def packed(path: Path, files: dict[str, bytes], named: object = None) -> Path:
    """A zip with a manifest that names all its files, or what is given."""
    manifest = {"files": dict.fromkeys(files, "") if named is None else named}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {"top/manifest.json": json.dumps(manifest).encode(), **files}.items():
            made.writestr(name, content)
    return path


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def below(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_named_files_come_out_whatever_folder_they_were_zipped_with(tmp_path, out):
    files = {"top/pipeline.skops": b"p", "top/weights/1.safetensors": b"w"}
    archive.unpack(packed(tmp_path / "a.zip", files), out)
    assert below(out) == {"manifest.json", "pipeline.skops", "weights/1.safetensors"}
    assert archive.fingerprints(out)["weights/1.safetensors"] == hashlib.sha256(b"w").hexdigest()


@pytest.mark.parametrize("named", [{}, [], "pipeline.skops", 3, None])
def test_files_that_nobody_names_stay_inside(tmp_path, out, named):
    path = packed(tmp_path / "a.zip", {"pipeline.skops": b"p"}, named={"x": ""} if named is None else named)
    archive.unpack(path, out)
    assert below(out) == {"manifest.json"}


@pytest.mark.parametrize("name", ["../../evil.skops", "/evil.skops", "a/../../evil.skops"])
def test_a_file_that_would_lie_outside_refuses_the_whole(tmp_path, out, name):
    with pytest.raises(UnreadableFile, match="outside its folder"):
        archive.unpack(packed(tmp_path / "a.zip", {name: b"p"}), out)
    assert not list(tmp_path.rglob("evil.skops"))


def test_as_many_files_and_bytes_as_are_allowed_and_no_more(tmp_path, out, monkeypatch):
    files = {f"{place}.bin": b"0" * 1_000 for place in range(3)}
    path = packed(tmp_path / "a.zip", files)
    with zipfile.ZipFile(path) as made:
        n_bytes = sum(entry.file_size for entry in made.infolist())
    monkeypatch.setattr(archive, "MOST_FILES", 4)  # the manifest among them
    monkeypatch.setattr(archive, "MOST_BYTES", n_bytes)
    archive.unpack(path, out)
    for limit, value in (("MOST_FILES", 3), ("MOST_BYTES", n_bytes - 1)):
        with monkeypatch.context() as patch:
            patch.setattr(archive, limit, value)
            with pytest.raises(UnreadableFile, match="far too much"):
                archive.unpack(path, out)


def test_what_is_no_zip_is_said_to_be_no_bundle(tmp_path, out):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(UnreadableFile, match=r"“a\.zip” is not a bundle"):
        archive.unpack(tmp_path / "a.zip", out)
