"""Files of SPSS, Stata and SAS are read in a process of its own: some damaged ones bring the library behind it down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pydantic import BaseModel

from core.data.schema import ReadOptions
from core.messages import Message, Plural, UnreadableFile, _

ROOT = Path(__file__).parents[3]
MOST_SECONDS = 900.0


class Question(BaseModel):
    """What the other process is to read."""

    path: Path
    kind: str  # "spss", "stata" or "sas"
    options: ReadOptions
    into: Path


class Statistical(BaseModel):
    """What came of reading such a file."""

    n_rows: int
    names: list[str]
    notes: list[Message]


class Answer(BaseModel):
    """The table, or the sentence that says why there is none."""

    table: Statistical | None = None
    message: Message | None = None
    hint: Message | None = None


def read(path: Path, kind: str, options: ReadOptions, into: Path) -> Statistical:
    """Read a file of SPSS, Stata or SAS into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        Damaged, far too large, without rows, or in another encoding than it says.
    """
    question = Question(path=path.resolve(), kind=kind, options=options, into=into.resolve())
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.data.formats.readstat"],
            input=question.model_dump_json(), stdout=subprocess.PIPE, cwd=ROOT, text=True, encoding="utf-8",
            timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise damaged(path) from None
    finally:
        into.with_name(into.name + ".strings").unlink(missing_ok=True)  # of one that came to a sudden end
    if done.returncode < 0:
        raise damaged(path)
    if done.returncode > 0:
        raise RuntimeError(f"core.data.formats.readstat ended with {done.returncode}")
    answer = Answer.model_validate_json(done.stdout)
    if answer.table is not None:
        return answer.table
    message, hint = answer.message or Message(id=""), answer.hint or Message(id="")
    raise UnreadableFile(_sentence(message), _sentence(hint), **(hint.params | message.params))


def damaged(path: Path) -> UnreadableFile:
    """What to say where such a file does not hold what its head promises."""
    return UnreadableFile(
        _("“{file}” could not be read: it is damaged or cut off."),
        _("Write the file again and upload that."),
        file=path.name,
    )


def _sentence(message: Message) -> str | Plural:
    return Plural(message.id, message.plural, message.counts) if message.plural else message.id
