"""The joins of a data set: a new one to its table as it stands, or all of them again after its file was read anew."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from core.access import consent
from core.data import reading
from core.data.join.documents import JOINS, Joins
from core.data.join.tables import join, told
from core.data.schema import Reading, ReadOptions, read_model, write_model
from core.job_params import JoinParams
from core.messages import UnusableData, _

FOLDER = "join"  # in a data set's source folder: 1/suppliers.csv, 2/…
DERIVED = frozenset(  # made again of a table with more columns; consent was for those it had
    {"schema.json", "report.json", "cleaning.json", JOINS, consent.FILE}
)

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Step:
    """A join to be made: the second file, how, and what its columns were called when it was made before."""

    file: Path
    asked: JoinParams
    sources: dict[str, str] = field(default_factory=dict)  # column of the joined table → of the second file


def kept(folder: Path) -> list[Step]:
    """The joins of a data set, to be made again."""
    known = read_model(Joins, folder / JOINS) or Joins()
    return [
        Step(folder / "source" / FOLDER / str(number) / made.file, made.asked, made.sources)
        for number, made in enumerate(known.joins, start=1)
    ]


def as_it_stands(old: Path, building: Path) -> Reading:
    """A data set's table once more, with how it was read and joined, so that columns can be added to it.

    Raises
    ------
    UnusableData
        It is not there any more.
    """
    before = read_model(Reading, old / "reading.json")
    if before is None or not (old / "table.parquet").exists():
        raise UnusableData(_("This data set is not there any more."))
    for path in old.iterdir():
        if path.is_file() and path.name not in DERIVED and path.suffix != ".partial":
            shutil.copy2(path, building / path.name)
    if (old / JOINS).exists():
        shutil.copy2(old / JOINS, building / JOINS)
    return before


def make(
    building: Path,
    steps: list[Step],
    read: Reading,
    options: ReadOptions,
    progress: Progress = lambda share: None,
    masked: Collection[str] = (),
) -> Reading:
    """Make joins in a folder with a table, and remember them there.  →  how the table was read, with what they add

    masked : collection of str
        Columns of the table whose values are not to be shown: their keys are counted only.

    Raises
    ------
    UnreadableFile, UnusableData
    """
    known = read_model(Joins, building / JOINS) or Joins()
    for step in steps:
        with tempfile.TemporaryDirectory(dir=building, prefix=".second-") as place:
            second = reading.read_files([step.file], _options_of(step, options), Path(place))
            made = join(building, Path(place), step.file.name, step.asked, progress)
        if step.asked.key in masked:
            made = made.model_copy(update={"report": made.report.without_keys()})
        read = told(read, building, made, second)
        known.joins.append(made)
    if steps:
        write_model(known, building / JOINS)
    return read


def for_the_table(options: ReadOptions, steps: list[Step]) -> ReadOptions:
    """What was said of the table's own columns; what was said of joined ones is for the second file."""
    joined = {name for step in steps for name in step.sources}
    return _only(options, {name: name for name in {*options.kinds, *options.layouts, *options.one_spelling} - joined})


def _options_of(step: Step, options: ReadOptions) -> ReadOptions:
    """What was said of single columns, by the names that they have in the second file."""
    of_columns = ReadOptions(kinds=options.kinds, layouts=options.layouts, one_spelling=options.one_spelling)
    return _only(of_columns, step.sources).model_copy(update={"sheet": step.asked.sheet or None})


def _only(options: ReadOptions, names: dict[str, str]) -> ReadOptions:
    """Options with these columns alone, each under its other name."""
    return options.model_copy(
        update={
            "kinds": {names[name]: kind for name, kind in options.kinds.items() if name in names},
            "layouts": {names[name]: layout for name, layout in options.layouts.items() if name in names},
            "one_spelling": [names[name] for name in options.one_spelling if name in names],
        }
    )
