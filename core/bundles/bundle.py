"""A fitted candidate as a folder: the only door through which a model is kept, moved and used again.

``manifest.json`` (versions, schema, classes, scores, SHA-256 of every file), ``pipeline.skops``, ``background.parquet``
(200 training rows for explanations, unless told not to), ``weights/<n>.safetensors`` (what was trained: one file
per tuned encoder and network). Trees and vocabularies are flat arrays in the pipeline (`core.models.packing`). Bundled
encoders are named and fingerprinted, not copied.
Never pickle: skops reads only the types listed in `core.bundles.trusted`.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import skops.io
from pydantic import ValidationError
from safetensors import SafetensorError

from core.bundles import archive
from core.bundles.manifest import BACKGROUND_ROWS, FORMAT, ColumnNeed, Manifest
from core.bundles.trusted import TRUSTED, under_present_names, without_places
from core.data.delimited.typed_writer import MAX_COLUMNS
from core.data.personal import masking
from core.data.schema import Column, Schema, write_model
from core.data.targets.class_names import in_order
from core.encode.finetuning.weight_files import put_back, tuned_among, weights_apart, weights_file
from core.files import made_whole
from core.fuse.asked.answering import elsewhere
from core.fuse.columns import MISSING, as_days, as_numbers, as_words
from core.fuse.predictor import Predictor
from core.messages import Message, MismatchedTable, UnreadableFile, _, _n, clip, say
from core.models.packing import packed, unpack
from core.plan import TargetAs
from core.results.comparison import Interval

LIBRARIES = ("scikit-learn", "lightgbm", "torch", "skops", "numpy")  # whose versions the manifest tells
COMPRESSION = 1  # of 9; 1,000 trees take 0.7 s of processor time and 30 MB, at 6, the default, 2.4 s and 24 MB
MOST_BACKGROUND_BYTES = 500_000_000  # 200 rows of whole books


class Bundle:
    """A candidate ready to predict.

    Attributes
    ----------
    pipeline : Predictor
    manifest : Manifest
    background : DataFrame or None
    """

    def __init__(self, pipeline: Predictor, manifest: Manifest, background: pd.DataFrame | None) -> None:
        self.pipeline, self.manifest, self.background = pipeline, manifest, background

    @property
    def schema(self) -> Schema:
        """The source columns and their roles."""
        return Schema(columns=self.manifest.column_schema, task=self.manifest.task)

    def predict(self, table: pd.DataFrame) -> pd.DataFrame:
        """Score a table.

        Parameters
        ----------
        table : DataFrame
            The source columns in any order; others are ignored.

        Returns
        -------
        DataFrame
            ``prediction`` and, for classes, ``probability_<class>``; the table's index.

        Raises
        ------
        MismatchedTable
            A column is missing, or a cell is of another type.
        """
        self.check(table)
        table = self.masked(table)
        prediction, probabilities = self.pipeline.predict_both(table)
        scored = pd.DataFrame({"prediction": prediction}, index=table.index)
        if probabilities is not None:
            places = {str(label): place for place, label in enumerate(self.pipeline.classes_)}
            for label in in_order(places, self.manifest.target_as):
                scored[f"probability_{label}"] = probabilities[:, places[label]]
        return scored

    def masked(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with pseudonyms where there were pseudonyms in training: what the model may see of it."""
        return masking.masked(table, self.manifest.column_schema)

    def check(self, table: pd.DataFrame) -> list[Message]:
        """What is odd about a table but can be scored: values never seen in training.

        Raises
        ------
        MismatchedTable
        """
        notes = []
        table = self.masked(table)
        for need in self.manifest.columns:
            if need.name not in table.columns:
                raise MismatchedTable(
                    _("The table has no column “{column}”, which the model needs."),
                    _("Add the column; its cells may be empty. The model uses: {known}."),
                    column=need.name,
                    known=[one.name for one in self.manifest.columns],
                )
            if need.role == "number":
                as_numbers(table[[need.name]])
            elif need.role == "date":
                as_days(table[[need.name]])
            elif need.role == "category":
                unseen = sorted(set(as_words(table[[need.name]])) - set(need.values) - {MISSING})
                if unseen and len(need.values) < 1000:
                    notes.append(_unseen(need.name, unseen))
        return notes


def save(
    candidate: Predictor,
    folder: Path,
    *,
    name: str,
    target: str,
    schema: Schema,
    rows: pd.DataFrame,
    metric: str = "",
    scores: dict[str, Interval] | None = None,
    background: bool = True,
    seed: int = 0,
    positive: str = "",
    target_as: TargetAs | None = None,
) -> Manifest:
    """Write a bundle, whole or not at all.

    Parameters
    ----------
    candidate : Predictor
        Fitted.
    rows : DataFrame
        Training rows: their source columns describe what the model expects.
    background : bool
        Keep up to 200 of them for explanations.
    positive : str
        Of two classes, the one that the metric speaks of.
    target_as : TargetAs, optional
        What was done to the target's cells, as it was settled.
    """
    with made_whole(folder) as place:
        _write_pipeline(candidate, place)
        used = rows[candidate.columns_]
        if background:
            sample = used.sample(min(BACKGROUND_ROWS, len(used)), random_state=seed)
            sample.to_parquet(place / "background.parquet", index=False)
        manifest = Manifest(
            candidate=name,
            target=target,
            target_as=target_as or TargetAs(),
            metric=metric,
            positive=positive,
            scores=scores or {},
            seed=seed,
            files=archive.fingerprints(place),
            **_described(candidate, used, schema),
        )
        write_model(manifest, place / archive.MANIFEST)
        load(place)  # what can't be read back is not kept
    return manifest


def _write_pipeline(candidate: Predictor, folder: Path) -> None:
    candidate.use_cache(None)
    with weights_apart(_trained(candidate), folder), packed(candidate):
        path = folder / "pipeline.skops"
        skops.io.dump(candidate, path, compression=zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION)


def _described(candidate: Predictor, used: pd.DataFrame, schema: Schema) -> dict[str, Any]:
    """The manifest's fields that follow from the candidate, the rows it was trained on and what is installed."""
    columns = [column for column in schema.columns if column.name in candidate.columns_]
    return {
        "task": candidate.task,
        "classes": [str(label) for label in getattr(candidate, "classes_", [])],
        "columns": [_need(column, used[[column.name]]) for column in columns],
        "column_schema": columns,
        "encoders": {
            column: f"{getattr(encoder, 'model', type(encoder).__name__)}@{encoder.revision_}"
            for column, encoder in candidate.text_encoders().items()
            if hasattr(encoder, "revision_")
        },
        "asked": elsewhere(candidate.language_models(used)),
        "versions": {package: version(package) for package in LIBRARIES},
    }


def load(path: Path, *, foreign: bool = False) -> Bundle:
    """Open a bundle: its folder, or the zip that was downloaded.

    Parameters
    ----------
    foreign : bool
        It comes from elsewhere: only language models that come with Amalgam are opened for it, no folder and nothing
        from the network.

    Raises
    ------
    UnreadableFile
        It is no bundle, was changed, or holds something that must not be loaded.
    """
    if path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            archive.unpack(path, Path(folder))
            return _open(Path(folder), path.name, foreign)
    return _open(path, path.name, foreign)


def _open(path: Path, shown: str, foreign: bool) -> Bundle:
    """The bundle in a folder; `shown` is what its owner calls it."""
    manifest = _manifest(path, shown)
    saved = _saved(path / "pipeline.skops", manifest.format, shown)
    untrusted = _untrusted(saved, shown)
    if untrusted:
        raise UnreadableFile(
            _("The bundle holds “{kind}”, which is not loaded for safety."),
            _("Use a bundle made by Amalgam."),
            kind=untrusted[0],
        )
    try:
        pipeline = skops.io.load(saved, trusted=list(TRUSTED))
        unpack(pipeline)
        if not isinstance(pipeline, Predictor):
            raise _unusable(shown)
        asked, trained = without_places(pipeline), _trained(pipeline)
    except archive.DAMAGED as error:
        raise _unusable(shown) from error
    if foreign and asked:
        raise UnreadableFile(
            _("The bundle asks for the language model “{model}”, which does not come with Amalgam."),
            _("If you trust whoever made the bundle, add --any-model."),
            model=asked[0],
        )
    _give_weights(trained, path, manifest, shown)
    return Bundle(pipeline, manifest, _background(path / "background.parquet", manifest, shown))


def _background(file: Path, manifest: Manifest, shown: str) -> pd.DataFrame | None:
    """The training rows that came along, once their file has said that they are few and of the model's columns."""
    if file.name not in manifest.files:
        return None
    needed = [need.name for need in manifest.columns]
    try:
        about = pq.read_metadata(file)
        n_bytes = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
        fits = about.num_rows <= BACKGROUND_ROWS and n_bytes <= MOST_BACKGROUND_BYTES
        if not fits or not set(needed) <= set(about.schema.to_arrow_schema().names):
            raise _unusable(shown)
        return pd.read_parquet(file, columns=needed)
    except (pa.ArrowException, *archive.DAMAGED) as error:
        raise _unusable(shown) from error


def _trained(pipeline: Predictor) -> list[Any]:
    """Whatever in it holds weights, always in the same order."""
    return [*tuned_among(pipeline.text_encoders().values()), *pipeline.networks()]


def _give_weights(tuned: list[Any], path: Path, manifest: Manifest, shown: str) -> None:
    files = [weights_file(Path(), number).as_posix() for number in range(1, len(tuned) + 1)]
    if not set(files) <= set(manifest.files):  # nobody vouches for them
        raise _unusable(shown)
    try:
        put_back(tuned, path)
    except (*archive.DAMAGED, SafetensorError) as error:
        raise _unusable(shown) from error


def _manifest(path: Path, shown: str) -> Manifest:
    """What the bundle says of itself, once each file has proved to be the one that was written."""
    try:
        if (path / archive.MANIFEST).stat().st_size > archive.MOST_MANIFEST_BYTES:
            raise archive.too_much(shown)
        manifest = Manifest.model_validate_json((path / archive.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        raise UnreadableFile(
            _("“{file}” is not a bundle made by Amalgam."), _("Download it again from the Use page."), file=shown
        ) from None
    if max(len(manifest.columns), len(manifest.column_schema)) > MAX_COLUMNS:
        raise archive.too_much(shown)
    if manifest.format > FORMAT:
        raise UnreadableFile(_("“{file}” was made by a newer version of Amalgam."), _("Update Amalgam."), file=shown)
    for name, fingerprint in {"pipeline.skops": "", **manifest.files}.items():
        file = path / archive.place_of(name)
        if not file.is_file() or archive.fingerprint(file) != fingerprint:
            raise UnreadableFile(
                _("“{file}” in the bundle is missing or was changed after it was made."),
                _("Download the bundle again."),
                file=name,
            )
    return manifest


def _saved(pipeline: Path, format_: int, shown: str) -> Path | io.BytesIO:
    """What skops is to read: the file, or of an older bundle what it holds under present names. It is weighed first."""
    try:
        with zipfile.ZipFile(pipeline) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > archive.MOST_BYTES:
                raise archive.too_much(shown)
        return pipeline if format_ >= FORMAT else under_present_names(pipeline)
    except archive.DAMAGED as error:
        raise _unusable(shown) from error


def _untrusted(saved: Path | io.BytesIO, shown: str) -> list[str]:
    """Types in a pipeline's archive that are not on our list."""
    try:
        return sorted(set(skops.io.get_untrusted_types(file=saved)) - set(TRUSTED))
    except archive.DAMAGED as error:
        raise _unusable(shown) from error


def _unusable(shown: str) -> UnreadableFile:
    return UnreadableFile(
        _("The model in “{file}” can't be read: it is damaged, or was made with other versions of its libraries."),
        _("Train it again, or download the bundle again."),
        file=shown,
    )


def _unseen(column: str, values: list[str]) -> Message:
    text = _n(
        "“{column}” has {n} value that was not there in training, “{value}”: treated as unknown.",
        "“{column}” has {n} values that were not there in training, such as “{value}”: treated as unknown.",
    )
    return say(text, column=column, n=len(values), value=clip(values[0], 40))


def _need(column: Column, frame: pd.DataFrame) -> ColumnNeed:
    need = ColumnNeed(name=column.name, role=column.role)
    if column.role == "number":
        values = as_numbers(frame)[:, 0]
        values = values[np.isfinite(values)]
        if len(values):
            need.low, need.high, need.middle = float(values.min()), float(values.max()), float(np.median(values))
    elif column.role == "category":
        need.values = [str(value) for value in pd.Series(as_words(frame)).value_counts().index[:1000]]
    return need
