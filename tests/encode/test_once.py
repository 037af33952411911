"""Many processes ask for a folder, one makes it."""

import multiprocessing
import time
from pathlib import Path

import pytest

from core.encode.once import make_once


def slowly(folder: Path) -> None:
    def fill(place: Path) -> None:
        with (folder.parent / "made.txt").open("a") as made:
            made.write("x")
        time.sleep(0.2)
        (place / "a").write_text("whole")

    assert (make_once(folder, fill) / "a").read_text() == "whole"


@pytest.mark.usefixtures("nothing_to_run_again")
def test_processes_that_ask_at_once_make_it_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=slowly, args=(tmp_path / "weights",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (tmp_path / "made.txt").read_text() == "x"


def test_what_stands_there_is_not_made_again(tmp_path):
    (tmp_path / "weights").mkdir()
    assert make_once(tmp_path / "weights", lambda place: pytest.fail("made again")) == tmp_path / "weights"


def test_after_a_failure_the_next_one_makes_it(tmp_path):
    with pytest.raises(ZeroDivisionError):
        make_once(tmp_path / "weights", lambda place: 1 // 0)
    assert not (tmp_path / "weights").exists()
    make_once(tmp_path / "weights", lambda place: (place / "a").write_text("whole"))
    assert (tmp_path / "weights" / "a").read_text() == "whole"
