"""Thousands of broken files: each must become a right table or one clear sentence, in time and memory.

    python -m benchmarks.malformed [--files N] [--seed S] [--jobs N] [--keep FOLDER]

A kind is a way of writing a table (delimited in several layouts, JSON, lines of JSON, a sheet, Parquet, packed, plain
text) and a way of breaking it (cut, bytes changed, quotes opened, rows too long …). Files are made from a seed, so a
number stands for one file. What fails is kept, with its number, in a folder.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from core.data import profile
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.messages import AmalgamError

MOST_SECONDS, MOST_BYTES = 10.0, 1 << 30
WORDS = [
    *["north", "Straße", "北京", "déjà", "O'Hara", "slow,", "but", "safe;", "3.5", "n/a", "yes", "NULL"],
    *["12.05.2021", "€4,20", "10-19", "(7)", "✓", "tab\there"],
]


def frame(dice: random.Random) -> pd.DataFrame:
    """A table of cells as people have them."""
    n = dice.randint(0, 60)
    columns_made = {
        "id": [str(place) for place in range(n)],
        "Preis": [f"{dice.uniform(0, 9999):,.2f}".translate(str.maketrans(",.", ".,")) for _row in range(n)],
        "day": [f"{dice.randint(1, 28):02}/{dice.randint(1, 12):02}/20{dice.randint(10, 29)}" for _row in range(n)],
        "note": [" ".join(dice.choices(WORDS, k=dice.randint(0, 9))) for _row in range(n)],
        "answer": [dice.choice(["yes", "no", "", "maybe"]) for _row in range(n)],
    }
    return pd.DataFrame(dict(list(columns_made.items())[: dice.randint(1, 5)]))


def delimited(mark: str, encoding: str, end: str = "\n", quote: bool = True) -> Callable[[random.Random], bytes]:
    def write(dice: random.Random) -> bytes:
        table = frame(dice)
        if quote:
            text = table.to_csv(index=False, sep=mark, lineterminator=end)
        else:
            rows = [list(table.columns), *table.astype(str).to_numpy().tolist()]
            text = end.join(mark.join(row) for row in rows)
        return text.encode(encoding, errors="replace")

    return write


def workbook(dice: random.Random) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        rows = "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
            for row in frame(dice).map(lambda cell: str(cell).replace("<", "").replace("&", "")).to_numpy().tolist()
        )
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
        book.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="a" sheetId="1"/></sheets></workbook>')
        book.writestr("[Content_Types].xml", "<Types/>")
    return held.getvalue()


def parquet(dice: random.Random) -> bytes:
    held = io.BytesIO()
    frame(dice).to_parquet(held)
    return held.getvalue()


def nested(dice: random.Random) -> bytes:
    records = json.loads(frame(dice).to_json(orient="records"))
    for record in records:
        record["inner"] = {"a": dice.random(), "b": [1, {"c": None}]}
    return json.dumps({"data": records, "count": len(records)}).encode()


WAYS: dict[str, tuple[str, Callable[[random.Random], bytes]]] = {
    "comma": (".csv", delimited(",", "utf-8")),
    "semicolon": (".csv", delimited(";", "cp1252", "\r\n")),
    "tab": (".tsv", delimited("\t", "utf-16")),
    "bar": (".txt", delimited("|", "gb18030", "\r", quote=False)),
    "json": (".json", lambda dice: frame(dice).to_json(orient="records", force_ascii=False).encode()),
    "lines": (".jsonl", lambda dice: frame(dice).to_json(orient="records", lines=True).encode()),
    "nested": (".json", nested),
    "sheet": (".xlsx", workbook),
    "parquet": (".parquet", parquet),
    "packed": (".csv.gz", lambda dice: gzip.compress(frame(dice).to_csv(index=False).encode())),
    "text": (".txt", lambda dice: "\n".join(" ".join(dice.choices(WORDS, k=12)) for _line in range(40)).encode()),
}


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randint(0, len(data))]


def changed(data: bytes, dice: random.Random) -> bytes:
    broken = bytearray(data)
    for _place in range(dice.randint(1, 1 + len(broken) // 50)):
        if broken:
            broken[dice.randrange(len(broken))] = dice.randrange(256)
    return bytes(broken)


def inserted(piece: bytes, most: int = 5) -> Callable[[bytes, random.Random], bytes]:
    def insert(data: bytes, dice: random.Random) -> bytes:
        for _time in range(dice.randint(1, most)):
            place = dice.randint(0, len(data))
            data = data[:place] + piece + data[place:]
        return data

    return insert


def lines_changed(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _time in range(dice.randint(1, 6)):
        place = dice.randrange(len(lines))
        what = dice.randrange(4)
        if what == 0:
            lines[place] = lines[place] + lines[place]
        elif what == 1 and len(lines) > 1:
            del lines[place]
        elif what == 2:
            lines[place : place + 1] = [b""] * dice.randint(1, 4)
        else:
            lines.insert(place, lines[dice.randrange(len(lines))][: dice.randint(0, 30)])
    return b"\n".join(lines)


BREAKS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "whole": lambda data, dice: data,
    "cut": cut,
    "bytes changed": changed,
    "quotes opened": inserted(b'"'),
    "zeros": inserted(b"\0\0\0", 3),
    "delimiters": inserted(b",;\t|,", 8),
    "lines changed": lines_changed,
    "long cell": inserted(b"9" * 20_000, 1),
    "endless line": inserted(b"a,b;c\t" * 20_000, 1),
    "marks": lambda data, dice: dice.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"]) + data,
    "doubled": lambda data, dice: data + data,
    "brackets": inserted(b"[[{" * 2000, 2),
    "packed twice": lambda data, dice: bz2.compress(data) if dice.random() < 0.5 else gzip.compress(data),
    "letters mixed": lambda data, dice: (
        data + "naïve – 北京\n".encode(dice.choice(["cp1252", "utf-16", "utf-8"]), "replace")
    ),
}
KINDS = [(way, broken) for way in WAYS for broken in BREAKS]


def made(number: int, seed: int) -> tuple[str, str, bytes]:
    """The file of this number.  →  its kind, its name, its bytes"""
    way, broken = KINDS[number % len(KINDS)]
    dice = random.Random(f"{seed}-{number}")
    ending, write = WAYS[way]
    data = BREAKS[broken](write(dice), dice)
    if dice.random() < 0.1:
        ending = dice.choice([".csv", ".xlsx", ".json", ".parquet", ".txt", ""])
    return f"{way}, {broken}", f"file{ending}", data


def tried(job: tuple[int, int]) -> tuple[int, str, str, float, int]:
    """Read one file as the Data page does.  →  its number, kind, what came of it, seconds, most bytes so far"""
    number, seed = job
    kind, name, data = made(number, seed)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, name)
        path.write_bytes(data)
        began = time.monotonic()
        try:
            read_files([path], ReadOptions(), Path(place, "read"))
            table = Path(place, "read", "table.parquet")
            profile.describe(table, columns.guess(table))
            outcome = "table"
        except AmalgamError as error:
            outcome = "sentence" if str(error).strip() else "empty sentence"
        except Exception:
            outcome = f"traceback: {traceback.format_exc(limit=-3)}"
        seconds = time.monotonic() - began
    return number, kind, outcome, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Try all of them and say what failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=2 * 10**3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest = largest = 0.0
    failed: list[str] = []
    with multiprocessing.Pool(options.jobs, maxtasksperchild=200) as pool:
        jobs = [(number, options.seed) for number in range(options.files)]
        for number, kind, outcome, seconds, size in pool.imap_unordered(tried, jobs):
            outcomes[outcome.split(":")[0]] += 1
            slowest, largest = max(slowest, seconds), max(largest, size)
            if outcome not in ("table", "sentence") or seconds > MOST_SECONDS or size > MOST_BYTES:
                failed.append(f"{number} ({kind}, {seconds:.1f} s, {size / 1e6:.0f} MB): {outcome}")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    _kind, name, data = made(number, options.seed)
                    (options.keep / f"{number}-{name}").write_bytes(data)
    told = {"files": options.files, "kinds": len(KINDS), **outcomes, "slowest_seconds": round(slowest, 2)}
    print(json.dumps({**told, "most_megabytes": round(largest / 1e6), "failed": len(failed)}))
    print("\n".join(failed[:20]), file=sys.stderr)
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
