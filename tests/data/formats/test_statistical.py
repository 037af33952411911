"""Whatever becomes of the process that reads a statistical file, it is a table or one sentence here."""

from __future__ import annotations

import os
import signal
import sys

import pyreadstat
import pytest

from core.data.formats import statistical
from core.data.schema import ReadOptions
from core.data.values.stored import layouts_of
from core.messages import UnreadableFile, _n
from tests.data.formats.test_readstat import LABELS, SURVEY

REFUSAL = UnreadableFile(_n("“{file}” has {n:,} row.", "“{file}” has {n:,} rows."), file="a.sav", n=3)


def ask(folder, **options):
    return statistical.read(folder / "a.sav", "spss", ReadOptions(**options), folder / "table.parquet")


def test_the_other_process_reads_the_table(tmp_path):
    pyreadstat.write_sav(SURVEY, str(tmp_path / "a.sav"), variable_value_labels=LABELS,
                         variable_measure={"q1": "ordinal"})  # fmt: skip
    found = ask(tmp_path)
    assert (found.n_rows, found.names) == (4, list(SURVEY.columns))
    assert layouts_of(tmp_path / "table.parquet")["q1"].levels == ["bad", "ok", "good", "no answer"]
    assert (tmp_path / "table.parquet").exists()


def test_a_sentence_of_the_other_process_is_raised_here(tmp_path):
    (tmp_path / "a.sav").write_bytes(b"$FL2" + bytes(300))
    with pytest.raises(
        UnreadableFile, match=r"“a.sav” could not be read: it is damaged or cut off. Write the file again"
    ):
        ask(tmp_path)


def test_a_sentence_that_counts_comes_back_whole(tmp_path, monkeypatch):
    script = tmp_path / "python"
    answer = statistical.Answer(message=REFUSAL.message).model_dump_json()
    script.write_text(f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{answer}\nEND\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(UnreadableFile, match="3 rows"):
        ask(tmp_path)


def test_a_process_that_comes_to_a_sudden_end_is_one_sentence(tmp_path, monkeypatch):
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nkill -{int(signal.SIGSEGV)} $$\n")
    script.chmod(0o755)
    (tmp_path / "a.sav").write_bytes(b"$FL2")
    (tmp_path / "table.parquet.strings").write_bytes(b"left")
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        ask(tmp_path)
    assert "table.parquet.strings" not in os.listdir(tmp_path)
