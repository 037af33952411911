"""The English corpus that comes along: Python's own language reference, as the standard library holds it for `help()`.

It lies in ``pydoc_data.topics`` as plain text made from reStructuredText; here the rest of the mark-up goes, and
paragraphs that were broken into lines become whole again.
"""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from pydoc_data.topics import topics

NAME = "Python reference"
WIDTH = 70  # columns at which Sphinx breaks lines of text
_UNDERLINE = re.compile(r"^\s*([=*\-~^\"'`.#])\1{2,}\s*$")
_TABLE = re.compile(r"^\s*[+|]")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*])([^*\n]{1,60}?[^\s*])\1(?![\w*])|(?<![\w*])\*(\w)\*(?![\w*])")
_CODE = re.compile(r"::=|^\s*(>>>|\.\.\. )|\S {2,}# ")
_FOOTNOTES = re.compile(r"^-\[ (.*) \]-$")


def documents() -> list[str]:
    """Paragraphs, headings and examples in the order of the reference, without mark-up."""
    blocks = (block for topic in topics.values() for block in re.split(r"\n\s*\n", topic))
    return [text for block in blocks if (text := plain(block))]


def plain(block: str) -> str:
    """A block without underlines, tables, emphasis and line breaks within a paragraph; "" if nothing is left."""
    lines = [line.rstrip() for line in block.strip("\n").split("\n") if not _UNDERLINE.match(line)]
    if not lines or _TABLE.match(lines[0]):
        return ""
    text = textwrap.dedent("\n".join(_joined(lines)))
    return _EMPHASIS.sub(lambda found: found[2] or found[3], _FOOTNOTES.sub(r"\1", text)).strip()


def _joined(lines: list[str]) -> list[str]:
    """Lines, those joined again that were broken because the next word did not fit. Examples and grammar stay."""
    if any(_CODE.search(line) for line in lines):
        return lines
    joined = lines[:1]
    for line, following in pairwise(lines):
        word, indent = following.split()[0], _indent(following)
        if len(line) + 1 + len(word) <= WIDTH or indent < _indent(joined[-1]) or indent > _indent(joined[-1]) + 4:
            joined.append(following)
        else:
            glue = "" if re.search(r"\w-$", line) else " "
            joined[-1] += glue + following.strip()
    return joined


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
