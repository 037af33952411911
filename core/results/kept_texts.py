"""Texts about a run that are kept in its folder: what was written, and what a person has made of it. Light.

``texts/<name>.json`` (`Written`) comes from the job that writes, ``texts/<name>.edited.json`` (`Edited`) from a page:
each file has one writer, so neither takes away what the other has kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.data.schema import read_model, write_model
from core.messages import Message, UnusableData, _, say
from core.results.comparison import Answer
from core.workspace import Workspace, checked_id, now

MOST_CHARACTERS = 20_000  # of an edited text
FOLDER = "texts"


class About(BaseModel):
    """What a text is about: a candidate's summary, or one of its rows in words."""

    model_config = ConfigDict(frozen=True)

    task: Literal["summary", "row"]
    candidate: str
    language: str
    row: int | None = None
    label: str = ""  # the class that the row was explained for
    unit: str = ""  # on which scale

    @property
    def name(self) -> str:
        """What its files are called."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return f"{self.task}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


class Written(BaseModel):
    """A text as it was written."""

    about: About
    answer: Answer
    moment: float  # seconds since 1970
    facts: str  # `fingerprint` of what was known then


class Edited(BaseModel):
    """What a person has made of it."""

    about: About
    text: str
    moment: float
    facts: str


@dataclass(frozen=True)
class Kept:
    """What there is of a text: both may be missing, since what rules say can be edited, too."""

    written: Written | None = None
    edited: Edited | None = None

    @property
    def text(self) -> str:
        """The text to be shown; "" where the rules' text stands."""
        if self.edited is not None:
            return self.edited.text
        return self.written.answer.text if self.written is not None else ""

    def outdated(self, facts: str) -> bool:
        """Whether other facts were known when it was made."""
        latest = self.edited or self.written
        return latest is not None and latest.facts != facts


def fingerprint(rules: str) -> str:
    """A short mark of what rules say in English; other facts have another one.

    Examples
    --------
    >>> fingerprint("Guessing reaches 0.384.") == fingerprint("Guessing reaches 0.385.")
    False
    """
    return hashlib.sha256(rules.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read(run: Path, about: About) -> Kept:
    """What is kept of a text in a run's folder; an earlier version has kept nothing.

    Examples
    --------
    >>> read(Path("no such run"), About(task="summary", candidate="classical", language="en")).text
    ''
    """
    place = run / FOLDER / about.name
    return Kept(read_model(Written, place.with_suffix(".json")), read_model(Edited, place.with_suffix(".edited.json")))


def keep(run: Path, about: About, answer: Answer, facts: str) -> None:
    """Keep what was written; what a person has edited stays.

    Examples
    --------
    >>> keep(workspace.run_folder(run), about, answer, fingerprint(rules))  # doctest: +SKIP
    """
    with contextlib.suppress(FileNotFoundError):  # the run was deleted while the model wrote: nothing to keep it with
        _write(run, about, Written(about=about, answer=answer, moment=now(), facts=facts), ".json")


def edit(workspace: Workspace, run: str, owner: str, about: About, text: str, facts: str) -> None:
    """Keep a person's own text in the place of what was written.

    Raises
    ------
    UnusableData
        The run is gone or somebody else's, or nothing is left of the text, or it is too long.

    Examples
    --------
    >>> edit(workspace, row.id, row.owner, about, "It is good enough.", facts)  # doctest: +SKIP
    """
    folder = _own_folder(workspace, run, owner)
    if not text.strip():
        raise UnusableData(_("An empty text is not kept."), _("Write something, or undo your changes."))
    if len(text) > MOST_CHARACTERS:
        raise UnusableData(_("The text is longer than {most:,} characters."), _("Shorten it."), most=MOST_CHARACTERS)
    _write(folder, about, Edited(about=about, text=text, moment=now(), facts=facts), ".edited.json")


def undo(workspace: Workspace, run: str, owner: str, about: About) -> None:
    """Go back to what was written.

    Raises
    ------
    UnusableData
        The run is gone or somebody else's.

    Examples
    --------
    >>> undo(workspace, row.id, row.owner, about)  # doctest: +SKIP
    """
    place = _own_folder(workspace, run, owner) / FOLDER / about.name
    place.with_suffix(".edited.json").unlink(missing_ok=True)


def origin(kept: Kept, when: Callable[[float], str], facts: str, *, by_you: bool) -> list[Message]:
    """Who wrote a text, when, and whether it was checked.

    Parameters
    ----------
    when : callable (seconds since 1970) → str
    facts : str
        `fingerprint` of what is known now.
    by_you : bool
        Whoever reads this is who edited it.

    Examples
    --------
    >>> [str(line) for line in origin(Kept(), str, "", by_you=True)]
    ['Put together from the results by rules; no model wrote any of it.']
    """
    answer = kept.written.answer if kept.written is not None else None
    if kept.written is None or answer is None or answer.by_rules:
        found = [say(_("Put together from the results by rules; no model wrote any of it."))]
        if kept.edited is not None:
            found = [say(_("First put together from the results by rules."))]
    else:
        text = _("Written by {model}, {time}. Every sentence was checked against the facts.")
        if kept.edited is not None:
            text = _("Written by {model}, {time}.")
        found = [say(text, model=answer.model, time=when(kept.written.moment))]
    if kept.edited is not None:
        text = _("Edited by you, {time}, and not checked since.") if by_you else _(
            "Edited by a person, {time}, and not checked since."
        )  # fmt: skip
        found.append(say(text, time=when(kept.edited.moment)))
    if kept.outdated(facts):
        found.append(say(_("The results have changed since this text was made.")))
    return found


def _own_folder(workspace: Workspace, run: str, owner: str) -> Path:
    folder = workspace.run_folder(checked_id(run))
    if workspace.run(run, owner) is None or not folder.is_dir():
        raise UnusableData(_("This run is not there any more."), _("Choose another one on the Results page."))
    return folder


def _write(run: Path, about: About, model: BaseModel, ending: str) -> None:
    place = run / FOLDER
    place.mkdir(exist_ok=True)
    write_model(model, (place / about.name).with_suffix(ending))
