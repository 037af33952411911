"""Questions that a language model proposes to ask about each text of a table; no label is shown to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.questions import LONGEST, MOST

EXAMPLES = 6
LONGEST_EXAMPLE = 240  # characters
ASKED = {
    "en": (
        "Here are some texts of a table:\n\n{texts}\n\nWe want to know “{target}” of each text{classes}. Write {n} "
        "short questions about a text that a reader can answer by yes or no, and that help to find it out. Ask about "
        "what stands in the text, each about something else. One question a line, nothing else."
    ),
    "zh": (
        "下面是一张表中的几条文本：\n\n{texts}\n\n我们想知道每条文本的“{target}”{classes}。"
        "请写出 {n} 个关于文本的简短问题，读者能用“是”或“否”回答，并有助于判断。"
        "每个问题问文本中不同的内容。每行一个问题，不要写别的。"
    ),
}
OF = {"en": ", which is one of: {classes}", "zh": "，它是以下之一：{classes}"}
_NUMBER = re.compile(r"^(?:[-*•]|\(?\d{1,2}[.):、])\s*")


def asked(texts: Sequence[str], target: str, classes: Sequence[str], language: str, n: int = 8) -> str:
    """The prompt, in the reader's language.

    Examples
    --------
    >>> asked(["Where is it?"], "mood", ["good", "bad"], "en", 5).count("Where is it?")
    1
    """
    spoken = "zh" if language.startswith("zh") else "en"
    told = "\n\n".join(f"- {' '.join(text.split())[:LONGEST_EXAMPLE]}" for text in texts[:EXAMPLES])
    of = OF[spoken].format(classes=", ".join(classes[:MOST])) if classes else ""
    return ASKED[spoken].format(texts=told, target=target, classes=of, n=n)


def found(text: str) -> list[str]:
    """The questions in what a model wrote, each once; all else is left out.

    Examples
    --------
    >>> found("Sure!\\n1. Is the writer angry?\\n2) Is it late?\\n- Is the writer angry?")
    ['Is the writer angry?', 'Is it late?']
    """
    lines = [_NUMBER.sub("", line.strip()).strip(' *“”"') for line in text.splitlines()]
    questions = [line for line in lines if line.endswith(("?", "？")) and 3 < len(line) <= LONGEST]
    return list(dict.fromkeys(questions))[:MOST]
