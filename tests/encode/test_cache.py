"""The cache of embeddings: what went in comes out, whatever happens to its files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.encode.cache import EmbeddingCache

TEXTS = [f"text {number}" for number in range(200)] + ["", "你好", "\ud800"]


def rows_of(texts, width=8, shift=0.0):
    return np.stack([np.full(width, len(text) + sum(map(ord, text)) + shift, dtype=np.float32) for text in texts])


@pytest.fixture
def cache(tmp_path):
    made = EmbeddingCache(tmp_path, "minilm|mean", 8)
    made.put(TEXTS, rows_of(TEXTS))
    return made


def test_rows_come_back_in_the_order_asked(cache):
    asked = [*TEXTS[::-2], "never seen"]
    rows, found = cache.get(asked)
    assert found.tolist() == [True] * (len(asked) - 1) + [False]
    assert (rows[:-1] == rows_of(asked[:-1])).all()


def test_spaces_do_not_mix(cache, tmp_path):
    assert not EmbeddingCache(tmp_path, "minilm|max", 8).get(TEXTS)[1].any()
    assert not EmbeddingCache(tmp_path, "minilm|mean", 9).get(TEXTS)[1].any()


def test_the_newest_row_of_a_text_wins(cache):
    cache.put(TEXTS[:3], rows_of(TEXTS[:3], shift=1.0))
    assert (cache.get(TEXTS[:3])[0] == rows_of(TEXTS[:3], shift=1.0)).all()
    assert (cache.get(TEXTS[3:])[0] == rows_of(TEXTS[3:])).all()


@pytest.mark.parametrize("name", ["keys.bin", "rows.f32"])
@pytest.mark.parametrize("cut", [1, 7, 1000])
def test_a_torn_end_loses_only_the_torn_rows(cache, name, cut):
    path = cache.folder / name
    path.write_bytes(path.read_bytes()[:-cut])
    rows, found = cache.get(TEXTS)
    assert 0 < found.sum() < len(TEXTS)
    assert (rows[found] == rows_of(TEXTS)[found]).all()
    cache.put(["after"], rows_of(["after"]))
    rows, found = cache.get([*TEXTS, "after"])
    assert found[-1]
    assert (rows[found] == rows_of([*TEXTS, "after"])[found]).all()


def test_damaged_rows_count_as_absent(cache):
    path = cache.folder / "rows.f32"
    damaged = bytearray(path.read_bytes())
    damaged[40:44] = b"\x00\x00\x00\x01"
    path.write_bytes(damaged)
    rows, found = cache.get(TEXTS)
    assert found.sum() == len(TEXTS) - 1
    assert not found[1]
    assert (rows[found] == rows_of(TEXTS)[found]).all()


def test_a_cleared_cache_starts_again(cache):
    shutil.rmtree(cache.root)
    assert not cache.get(TEXTS)[1].any()
    cache.put(["a"], rows_of(["a"]))
    assert cache.get(["a"])[1].all()


def test_beyond_its_limit_the_oldest_goes(tmp_path):
    old, new = (EmbeddingCache(tmp_path, space, 8, limit_bytes=30_000) for space in ("old", "new"))
    old.put(TEXTS, rows_of(TEXTS))
    for start in range(0, 1000, 100):
        texts = [f"more {number}" for number in range(start, start + 100)]
        new.put(texts, rows_of(texts))
        assert new.get(texts)[1].all()
        assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 30_000
    assert not old.get(TEXTS)[1].any()
    assert not new.get([f"more {number}" for number in range(100)])[1].any()


WRITER = """
import sys
from tests.encode.test_cache import rows_of
from core.encode.cache import EmbeddingCache
cache, start = EmbeddingCache(sys.argv[1], "shared", 8), int(sys.argv[2])
for number in range(start, start + 300, 10):
    texts = [f"text {one}" for one in range(number, number + 10)]
    cache.put(texts, rows_of(texts))
"""


def test_two_processes_write_at_once(tmp_path):
    root = Path(__file__).parents[2]
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), start] for start in ("0", "300")]
    writers = [subprocess.Popen(command, cwd=root) for command in commands]
    assert [writer.wait() for writer in writers] == [0, 0]
    texts = [f"text {number}" for number in range(600)]
    rows, found = EmbeddingCache(tmp_path, "shared", 8).get(texts)
    assert found.all()
    assert (rows == rows_of(texts)).all()


def test_what_is_kept_is_as_large_as_its_rows_and_has_the_types_of_a_row(cache, tmp_path):
    assert len(cache) == len(TEXTS)
    assert (cache.folder / "rows.f32").stat().st_size == len(TEXTS) * 8 * 4
    assert (cache.folder / "keys.bin").stat().st_size == len(TEXTS) * 20
    rows, found = cache.get([])
    assert (rows.shape, found.shape, rows.dtype) == ((0, 8), (0,), np.float32)
    empty = EmbeddingCache(tmp_path, "unused", 8)
    empty.put([], np.empty((0, 8)))
    assert not empty.folder.exists()
    assert len(empty) == 0
    assert empty.get(["a", "b"])[1].tolist() == [False, False]


def test_a_text_whose_hash_is_larger_or_smaller_than_all_is_not_found(tmp_path):
    for known in TEXTS[:5]:
        one = EmbeddingCache(tmp_path, known, 8)
        one.put([known], rows_of([known]))
        assert one.get(TEXTS[:50])[1].tolist() == [text == known for text in TEXTS[:50]]


def test_half_a_hash_is_not_enough(cache):
    keys = np.fromfile(cache.folder / "keys.bin", dtype="<u8,<u8,<u4")
    keys["f1"] += 1
    keys.tofile(cache.folder / "keys.bin")
    assert not cache.get(TEXTS)[1].any()


def test_using_a_space_spares_it_and_the_longest_unused_goes_first(tmp_path):
    spaces = {name: EmbeddingCache(tmp_path, name, 8, limit_bytes=52 * 250) for name in ("first", "second", "third")}
    for age, name in ((300, "first"), (200, "second")):
        spaces[name].put(TEXTS[:100], rows_of(TEXTS[:100]))
        file = spaces[name].folder / "keys.bin"
        os.utime(file, (file.stat().st_atime - age, file.stat().st_mtime - age))
    assert spaces["first"].get(TEXTS[:1])[1].all()  # used just now
    spaces["third"].put(TEXTS[:50], rows_of(TEXTS[:50]))
    assert [len(one) for one in spaces.values()] == [100, 100, 50]  # exactly what there is room for
    spaces["third"].put(["one more"], rows_of(["one more"]))
    assert [len(one) for one in spaces.values()] == [100, 0, 51]


def test_beyond_the_limit_alone_the_older_half_goes(tmp_path):
    one = EmbeddingCache(tmp_path, "space", 8, limit_bytes=52 * 100)
    one.put(TEXTS[:100], rows_of(TEXTS[:100]))
    assert len(one) == 100
    one.put(TEXTS[100:103], rows_of(TEXTS[100:103]))
    assert len(one) == 52  # 51 of 103 are gone
    rows, found = one.get(TEXTS[:103])
    assert found.tolist() == [False] * 51 + [True] * 52
    assert (rows[51:] == rows_of(TEXTS[51:103])).all()


def test_what_was_half_written_is_cut_off_before_more_is_written(cache):
    for name, step in (("rows.f32", 32), ("keys.bin", 20)):
        with (cache.folder / name).open("ab") as file:
            file.write(b"x" * (2 * step + 3))
        cache.put(["after"], rows_of(["after"]))
        assert (cache.folder / "rows.f32").stat().st_size == len(cache) * 32
        assert (cache.folder / "keys.bin").stat().st_size == len(cache) * 20
        assert cache.get(["after"])[1].all()
        assert cache.get(TEXTS)[1].all()


def test_the_limit_is_four_gibibytes_unless_told(tmp_path):
    assert EmbeddingCache(tmp_path, "a", 8).limit_bytes == 4 * 2**30
