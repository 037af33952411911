"""Makes the samples of the text tasks from the texts beside it.

Run it as ``python assets/samples/make_task_samples.py``; it writes the CSV files beside itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from task_articles import ARTICLES
from task_documents import DOCUMENTS
from task_parallel import pairs

HERE = Path(__file__).parent


def articles() -> list[tuple[str, str, str, str]]:
    """Text, summary, keywords and topic of each article."""
    found = []
    for block in ARTICLES.strip().split("\n\n"):
        lines = block.splitlines()
        topic, keywords = lines[0].removeprefix("# ").split(" | ")
        summary = " ".join(line.removeprefix("> ") for line in lines[1:] if line.startswith("> "))
        text = " ".join(line for line in lines[1:] if not line.startswith("> "))
        found.append((text, summary, keywords, topic))
    return found


def documents() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Titles with texts, and questions with answers."""
    texts, questions = [], []
    for block in DOCUMENTS.strip().split("\n\n"):
        lines = block.splitlines()
        texts.append((lines[0].removeprefix("# "), " ".join(line for line in lines[1:] if not line.startswith("? "))))
        for line in lines:
            if line.startswith("? "):
                question, answer = line.removeprefix("? ").split(" | ")
                questions.append((question, answer))
    return texts, questions


def write(name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A CSV file beside this script."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    texts, questions = documents()
    write("articles.csv", ("text", "summary", "keywords", "topic"), articles())
    write("documents.csv", ("title", "text"), texts)
    write("questions.csv", ("question", "answer"), questions)
    write("parallel_zh.csv", ("english", "chinese"), pairs())
