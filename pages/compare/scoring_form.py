"""How candidates are scored, on the Compare page: rows held back, seed, sample, learning curve."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.data.schema import Schema
from core.plan import Validation
from pages.shared import numbers
from pages.shared.i18n import _, _n


@dataclass(frozen=True)
class Scoring:
    """How the comparison is made fair."""

    validation: Validation
    rows: int | None
    seed: int
    learning_curve: bool


def draw(schema: Schema, n_rows: int, key: str, *, classes: bool, test_file: bool) -> Scoring:
    """Folds or hold-out, what must stay together, sample and seed."""
    kinds = {"kfold": _("k folds"), "holdout": _("one part held back")}
    if test_file:
        kinds["test_file"] = _("my test file")
    st.markdown(_("**How to score**"))
    kind = st.segmented_control(
        _("Rows to score on"),
        list(kinds),
        default="kfold",
        required=True,
        format_func=kinds.__getitem__,
        key=f"{key}-validation",
        persist_state="session",
        help=_(
            "Folds: every row is predicted once by a model that never saw it. Slower than one held-back part, steadier."
        ),
    )
    left, right = st.columns(2)
    with left:
        validation = _validation(str(kind), schema, key, classes=classes)
    with right:
        rows, seed = _sample(n_rows, key)
        learning_curve = st.toggle(
            _("Draw a learning curve"),
            key=f"{key}-learning",
            persist_state="session",
            help=_("Trains on growing parts of the rows: shows whether more data would help. Takes longer."),
        )
    return Scoring(validation, rows, seed, learning_curve)


def _validation(kind: str, schema: Schema, key: str, *, classes: bool) -> Validation:
    folds, fraction = 5, 0.25
    if kind == "kfold":
        folds = st.number_input(_("Folds"), 2, 20, 5, key=f"{key}-folds", persist_state="session")
    elif kind == "holdout":
        percent = st.slider(
            _("Share held back"), 5, 50, 25, format="%d %%", key=f"{key}-fraction", persist_state="session"
        )
        fraction = percent / 100
    others = [column.name for column in schema.columns if column.role not in {"target", "text"}]
    about = _("For example all rows of one person: else the model is tested on people it already knows.")
    if kind == "test_file":
        about = _(
            "For example all rows of one person: they count as one in the intervals, and no split inside the training "
            "rows parts them."
        )
    group = _column(_("Keep together rows with the same"), others, f"{key}-group", about)
    if kind == "test_file":
        return Validation(kind="test_file", group=group)
    time = _column(
        _("Predict later rows from earlier ones by"),
        others,
        f"{key}-time",
        _("Trains on the past and is scored on the future, as it will be used."),
    )
    stratify = classes and st.toggle(
        _("Same class shares in every part"), True, key=f"{key}-stratify", persist_state="session"
    )
    return Validation(
        kind="kfold" if kind == "kfold" else "holdout",
        folds=int(folds),
        fraction=fraction,
        stratify=bool(stratify),
        group=group,
        time=time,
    )


def _column(label: str, options: list[str], key: str, about: str) -> str | None:
    return st.selectbox(
        label, options, index=None, placeholder=_("no column"), key=key, persist_state="session", help=about
    )


def _sample(n_rows: int, key: str) -> tuple[int | None, int]:
    steps = [size for size in (200, 500, 1_000, 3_000, 10_000, 30_000, 100_000) if size < n_rows]
    rows = st.selectbox(
        _("Rows"),
        [None, *steps],
        format_func=lambda size: (
            _n("all rows: {n}", "all {n} rows", n_rows).format(n=numbers.count(n_rows))
            if size is None
            else _("a sample of {n}, for a quick try").format(n=numbers.count(size))
        ),
        key=f"{key}-rows",
        persist_state="session",
    )
    seed = st.number_input(
        _("Seed"),
        0,
        2**32 - 1,
        0,
        key=f"{key}-seed",
        persist_state="session",
        help=_("The same seed gives the same folds and the same result."),
    )
    return rows, int(seed)
