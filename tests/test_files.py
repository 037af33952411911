"""Files and folders are there whole or not at all, whatever happens on the way."""

import multiprocessing
import os
import signal
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files import made_whole, unfinished, write_whole, written_whole, zip_folder

contents = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.binary())


def as_bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def inside(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with what it holds."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(st.lists(contents, min_size=1))
@settings(max_examples=50, deadline=None)
def test_the_last_that_was_written_is_read_to_the_byte(written):
    with tempfile.TemporaryDirectory() as folder:
        for content in written:
            write_whole(Path(folder) / "a.txt", content)
        assert inside(Path(folder)) == {"a.txt": as_bytes(written[-1])}


@given(contents, st.binary())
@settings(max_examples=50, deadline=None)
def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(old, begun):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        write_whole(path, old)
        with pytest.raises(OSError, match="full"), written_whole(path) as place:  # noqa: PT012
            place.write_bytes(begun)
            raise OSError("the disk is full")
        assert inside(Path(folder)) == {"a.txt": as_bytes(old)}


def test_a_text_that_is_no_utf8_leaves_the_old_file(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a.txt", "\ud800")
    assert inside(tmp_path) == {"a.txt": b"old"}


def test_until_the_block_ends_the_old_file_is_read(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    with written_whole(tmp_path / "a.txt") as place:
        place.write_text("new")
        assert (tmp_path / "a.txt").read_text() == "old"
    assert inside(tmp_path) == {"a.txt": b"new"}


def test_a_file_that_was_never_written_is_an_error_and_keeps_the_old_one(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "a.txt"):
        pass
    assert inside(tmp_path) == {"a.txt": b"old"}


def test_another_link_to_the_old_file_keeps_the_old_content(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")
    write_whole(tmp_path / "a.txt", "new")
    assert inside(tmp_path) == {"a.txt": b"new", "b.txt": b"old"}


def test_a_new_folder_replaces_the_old_one_with_all_its_files(tmp_path):
    for name in ("first", "second"):
        with made_whole(tmp_path / "made") as place:
            (place / name).write_text(name)
    assert inside(tmp_path) == {"made/second": b"second"}
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


@pytest.mark.parametrize("stop", [ZeroDivisionError, KeyboardInterrupt])
def test_a_folder_that_failed_leaves_the_old_one(tmp_path, stop):
    with made_whole(tmp_path / "made") as place:
        (place / "a").write_text("old")
    with pytest.raises(stop), made_whole(tmp_path / "made") as place:  # noqa: PT012
        (place / "a").write_text("new")
        raise stop
    assert inside(tmp_path) == {"made/a": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def killed_while_writing(path: Path) -> None:
    with written_whole(path) as place:
        place.write_text("ne")
        os.kill(os.getpid(), signal.SIGKILL)


def killed_while_making(folder: Path) -> None:
    with made_whole(folder) as place:
        (place / "begun").write_text("ne")
        os.kill(os.getpid(), signal.SIGKILL)


def run_until_killed(work, path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=(path,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.usefixtures("nothing_to_run_again")
def test_a_writer_that_is_killed_leaves_the_old_file_and_the_next_one_succeeds(tmp_path):
    path = tmp_path / "a.txt"
    write_whole(path, "old")
    run_until_killed(killed_while_writing, path)
    assert inside(tmp_path) == {"a.txt": b"old", unfinished(path).name: b"ne"}
    write_whole(path, "new")
    assert inside(tmp_path) == {"a.txt": b"new"}


@pytest.mark.usefixtures("nothing_to_run_again")
def test_a_maker_that_is_killed_leaves_the_old_folder_and_nothing_of_it_in_the_next(tmp_path):
    with made_whole(tmp_path / "made") as place:
        (place / "a").write_text("old")
    run_until_killed(killed_while_making, tmp_path / "made")
    assert (tmp_path / "made" / "a").read_text() == "old"
    with made_whole(tmp_path / "made") as place:
        (place / "a").write_text("new")
    assert inside(tmp_path) == {"made/a": b"new"}


def test_a_zip_holds_the_files_below_a_folder_uncompressed(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "b").write_text("b")
    (tmp_path / "in" / "deep" / "a").write_text("a" * 1000)
    with (tmp_path / "out.zip").open("wb") as file:
        zip_folder(tmp_path / "in", file)
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.namelist() == ["b", "deep/a"]
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in packed.infolist())
        assert packed.read("deep/a") == b"a" * 1000
