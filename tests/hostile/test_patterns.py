"""No pattern of ours takes longer than in proportion to its text: each gets 100 kB of what is worst for it."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.worst_texts import worst_texts

ROOT = Path(__file__).parents[2]
USES = {"search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split"}
ANCHORED = {"match", "fullmatch"}
ELSEWHERE = {"core.data.delimited.one_column._JOINED": "match"}  # used under another name
MOST_SECONDS = 0.2
SHORT, LONG = 2_000, 100_000


def sources() -> Iterator[tuple[str, str]]:
    """Module → its source, of all that use patterns."""
    for path in sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        if re.search(r"^import re$", text, re.MULTILINE):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), text


def kept(value: Any) -> Iterator[re.Pattern[Any]]:
    """Patterns in a module's name, also in a tuple, a dictionary or an object."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (one for part in value.values() for one in kept(part))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (one for part in value for one in kept(part))
    elif hasattr(value, "__dict__") and type(value).__module__.startswith(("core.", "pages.")):
        yield from (one for part in vars(value).values() if isinstance(part, re.Pattern) for one in kept(part))


def uses(name: str, text: str) -> frozenset[str]:
    """How a module's pattern is used: ``search`` for any way that looks at every place."""
    found = set(re.findall(rf"\b{name}\.(\w+)\(", text)) & USES
    only = len(re.findall(rf"\b{name}\b", text)) == len(re.findall(rf"\b{name}\.(?:{'|'.join(USES)})\(", text)) + 1
    if found and only and found <= ANCHORED:
        return frozenset(found)
    return frozenset({"search", *(found & ANCHORED)})


def inside_functions(text: str) -> Iterator[tuple[str, int, str]]:
    """(pattern, flags, use) of patterns that stand as a word in a call of `re`."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called, first = node.func, node.args[0]
        if isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in USES:
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else re.NOFLAG
            if isinstance(first, ast.Constant):
                yield first.value, flags, called.attr if called.attr in ANCHORED else "search"


def patterns() -> dict[str, tuple[re.Pattern[Any], frozenset[str]]]:
    found: dict[str, tuple[re.Pattern[Any], frozenset[str]]] = {}
    for module, text in sources():
        for name, value in vars(importlib.import_module(module)).items():
            if not re.search(rf"^{name}\b.*=", text, re.MULTILINE):  # it comes from another module
                continue
            for number, pattern in enumerate(kept(value)):
                known = ELSEWHERE.get(f"{module}.{name}")
                found[f"{module}.{name}-{number}"] = pattern, frozenset({known}) if known else uses(name, text)
        for number, (source, flags, use) in enumerate(inside_functions(text)):
            found[f"{module}-{number}"] = re.compile(source, flags), frozenset({use})
    return found


PATTERNS = patterns()


class TooLong(Exception):
    """A pattern has not come to an end."""


def give_up(_number: int, _frame: Any) -> None:
    raise TooLong


def seconds(pattern: re.Pattern[Any], use: str, text: Any) -> float:
    """Processor time for a text; more than any is allowed where it was stopped."""
    signal.setitimer(signal.ITIMER_VIRTUAL, 3 * MOST_SECONDS)
    begun = time.process_time()
    try:
        if use == "search":
            for _found in pattern.finditer(text):
                pass
        else:
            getattr(pattern, use)(text)
    except TooLong:
        return 3 * MOST_SECONDS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_not_slowed_down_by_its_worst_text(name):
    pattern, used = PATTERNS[name]
    before = signal.signal(signal.SIGVTALRM, give_up)
    try:
        for use in used:
            slow = sorted(
                ((seconds(pattern, use, text), place) for place, text in enumerate(worst_texts(pattern, SHORT))),
                reverse=True,
            )[:3]
            assert slow[0][0] < 3 * MOST_SECONDS, (use, list(worst_texts(pattern, 40))[slow[0][1]])
            long = list(worst_texts(pattern, LONG))
            for _short, place in slow:
                assert seconds(pattern, use, long[place]) <= MOST_SECONDS, (use, long[place][:40])
    finally:
        signal.signal(signal.SIGVTALRM, before)


def test_all_patterns_are_found():
    assert len(PATTERNS) > 150
