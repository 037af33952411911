"""Turns our own marked sentences into JSON lines with spans and relations.

Run it as ``python assets/samples/make_sentences.py``. A line of ``sentences_en.txt`` or ``sentences_zh.txt`` is one
sentence in which ``{Maria Lopes:P}`` marks a name, and behind ``||`` what holds between the names, counted from 1:
``1 w 2`` says that the first works for the second. All other ordered pairs are written down as "none".
"""

from __future__ import annotations

import json
import re
from itertools import permutations
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TYPES = {"P": "person", "O": "organisation", "L": "place", "D": "date", "R": "product"}
RELATIONS = {"w": "works-for", "l": "located-in", "f": "founded-by", "m": "made-by"}
MARK = re.compile(r"\{([^{}]+):([POLDR])\}")


def record(line: str) -> dict[str, Any]:
    """One marked line as text, spans and relations between every two of them."""
    marked, _bar, said = line.partition("||")
    text, spans, rest = "", [], 0
    marked = marked.strip()
    for found in MARK.finditer(marked):
        text += marked[rest : found.start()]
        spans.append({"start": len(text), "end": len(text) + len(found[1]), "label": TYPES[found[2]]})
        text += found[1]
        rest = found.end()
    text += marked[rest:]
    known = {}
    for part in filter(None, map(str.strip, said.split(";"))):
        head, kind, tail = part.split()
        known[int(head) - 1, int(tail) - 1] = RELATIONS[kind]
    pairs = list(permutations(range(len(spans)), 2))
    if set(known) - set(pairs):
        raise ValueError(f"A relation without its names: {line}")
    relations = [
        {"head": spans[head], "tail": spans[tail], "label": known.get((head, tail), "none")} for head, tail in pairs
    ]
    return {"text": text, "spans": spans, "relations": relations}


def main() -> None:
    """Write both languages' JSON lines beside their sentences."""
    for language in ("en", "zh"):
        lines = (HERE / f"sentences_{language}.txt").read_text(encoding="utf-8").splitlines()
        records = [record(line) for line in lines if line.strip()]
        made = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
        (HERE / f"sentences_{language}.jsonl").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
