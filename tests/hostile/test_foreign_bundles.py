"""A bundle made to harm whoever opens it, its fingerprints all true; and what a terminal is told of it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pty
import shutil
import zipfile

import pandas as pd
import pytest

from core.bundles import archive, bundle
from core.bundles.trusted import without_places
from core.cli.terminal import Terminal, harmless
from core.messages import UnreadableFile, say
from tests.bundles.test_bundle import keep, replace_pipeline, tickets, zipped


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("kept") / "bundle", "cooperative:minilm")[1]


@pytest.fixture
def copy(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "copy")


def tell(folder, name: str, content: bytes) -> None:
    """Another file in a bundle, with its true fingerprint in the manifest."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def with_encoder(folder, **settings) -> None:
    """The bundle's pipeline with other settings of its language model."""
    pipeline = bundle.load(folder).pipeline
    for outer in pipeline.text_encoders().values():
        encoder = getattr(outer, "encoder_", outer)
        for name, value in settings.items():
            setattr(encoder, name, value)
    replace_pipeline(folder, pipeline)


def parquet(frame: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.to_parquet(sink, index=False)
    return sink.getvalue()


def test_a_folder_to_keep_rows_in_is_not_the_bundles_to_name(copy, tmp_path):
    place = tmp_path / "planted"
    with_encoder(copy, cache_folder=str(place))
    bundle.load(copy, foreign=True).predict(tickets(6))
    assert not place.exists()


@pytest.mark.parametrize("model", ["somebody/their-model", "/etc", "~/private-model"])
def test_a_language_model_from_elsewhere_is_not_the_bundles_to_name(copy, model):
    with_encoder(copy, model=model)
    with pytest.raises(UnreadableFile, match="does not come with Amalgam"):
        bundle.load(copy, foreign=True)
    assert without_places(bundle.load(copy).pipeline) == [model]  # of one's own it may


def test_a_background_of_many_rows_is_refused_before_it_is_read(copy):
    frame = tickets(120)[["note", "plan", "hours", "opened"]]
    tell(copy, "background.parquet", parquet(pd.concat([frame] * 4000)))
    with pytest.raises(UnreadableFile):
        bundle.load(copy)


def test_a_background_of_other_columns_is_refused(copy):
    tell(copy, "background.parquet", parquet(tickets(5)[["note"]]))
    with pytest.raises(UnreadableFile):
        bundle.load(copy)


def test_a_background_that_is_none_is_refused_in_a_sentence(copy):
    tell(copy, "background.parquet", b"PAR1 nothing")
    with pytest.raises(UnreadableFile):
        bundle.load(copy)


def test_a_manifest_without_end_is_refused_before_it_is_read(copy, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MANIFEST_BYTES", 1_000)
    with pytest.raises(UnreadableFile, match="too much"):
        bundle.load(copy)


def test_more_columns_than_a_table_has_are_refused(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["columns"] = manifest["columns"] * 2000
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match="too much"):
        bundle.load(copy)


def test_files_that_the_manifest_does_not_name_are_not_unpacked(kept, tmp_path):
    path = zipped(kept, tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("sitecustomize.py", "print('here')")
        packed.writestr("weights/extra.bin", b"0" * 1000)
    (tmp_path / "out").mkdir()
    archive.unpack(path, tmp_path / "out")
    found = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert found == {"manifest.json", *json.loads((kept / "manifest.json").read_text())["files"]}
    bundle.load(path, foreign=True)


ATTACK = "name\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp\r."


def test_a_sentence_with_signs_of_control_shows_them(capfd):
    with Terminal("en") as terminal:
        terminal.note(say("Column {name}", name=ATTACK))
        terminal.show(ATTACK)
        terminal.document({"name": ATTACK})
    told = capfd.readouterr()
    for text in (told.out, told.err):
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(text)
    assert json.loads(told.out[told.out.index("{") :]) == {"name": ATTACK}  # nothing is lost where a program reads


def test_rows_on_a_screen_are_harmless_and_in_a_file_as_they_are():
    ours, screen = pty.openpty()
    before = os.dup(1)
    os.dup2(screen, 1)
    try:
        with Terminal("en") as terminal:
            terminal.out.write(ATTACK + "\r\n")
    finally:
        os.dup2(before, 1)
        os.close(before)
    assert b"\x1b" not in os.read(ours, 1000)
    assert harmless("a,b\r\n1\t2\n") == "a,b\r\n1\t2\n"
