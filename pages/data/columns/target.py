"""A target that is hard to learn as it stands: rare classes, a long tail, several labels; and what was made of it."""

from __future__ import annotations

import streamlit as st

from core.data import overrides
from core.data.schema import Finding, Report, Schema
from core.data.targets.notes import notes_of
from core.messages import AmalgamError
from core.plan import TargetAs
from core.workspace import DatasetRow
from pages.shared import state
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import starting

MOST_RARE = 1000  # rows that a class may be asked to have


def draw(row: DatasetRow, schema: Schema, report: Report | None) -> None:
    """What was chosen, with the click that takes it back; then what is offered."""
    if schema.target is None:
        return
    if schema.target_as != TargetAs():
        _chosen(row, schema, report)
    offers = {"rare_classes": _rare, "skewed": _skewed, "several_labels": _labels}
    for finding in report.findings if report else []:
        if finding.code in offers and finding.column == schema.target:
            with st.container(border=True):
                st.markdown(plain(f"{t(finding.message)} {t(finding.action)}".strip()))
                offers[finding.code](row, finding)


def _chosen(row: DatasetRow, schema: Schema, report: Report | None) -> None:
    known = report.most_frequent(str(schema.target)) if report else []
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.markdown(plain(" ".join(t(note) for note in notes_of(schema.target_as, str(schema.target), known))))
        right.button(
            _("Undo"), key=f"target-as-undo-{row.id}", on_click=_set, args=(row.id, TargetAs()), width="stretch"
        )


def _rare(row: DatasetRow, finding: Finding) -> None:
    key = f"rare-{row.id}"
    least, name, drop, merge = st.columns([2, 2, 1.4, 1.4], vertical_alignment="bottom")
    usual = TargetAs()
    least.number_input(_("Rare: with fewer rows than"), 2, MOST_RARE, usual.rare_below, key=f"{key}-below")
    name.text_input(_("Merged, they are called"), _("Other"), max_chars=60, key=f"{key}-name")
    drop.button(_("Leave out"), key=f"{key}-drop", on_click=_set_rare, args=(row.id, "drop"), width="stretch")
    merge.button(_("Merge"), key=f"{key}-merge", on_click=_set_rare, args=(row.id, "merge"), width="stretch")


def _skewed(row: DatasetRow, finding: Finding) -> None:
    key = f"skewed-{row.id}"
    ranges, bins, log = st.columns([2, 2, 2], vertical_alignment="bottom")
    ranges.number_input(_("Ranges"), 2, 20, TargetAs().bins, key=f"{key}-bins")
    bins.button(_("Predict ranges"), key=f"{key}-use-bins", on_click=_set_bins, args=(row.id,), width="stretch")
    if "log" in finding.choices:
        log.button(
            _("Learn its logarithm"),
            key=f"{key}-use-log",
            on_click=_set,
            args=(row.id, TargetAs(way="log")),
            width="stretch",
            help=_("Predictions, scores and errors stay in the column's own unit."),
        )


def _labels(row: DatasetRow, finding: Finding) -> None:
    key = f"labels-{row.id}"
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.selectbox(_("Label"), finding.choices, key=f"{key}-label")
    right.button(
        _("Predict whether it is there"), key=f"{key}-use", on_click=_set_label, args=(row.id,), width="stretch"
    )


def _set_rare(dataset: str, way: str) -> None:
    below = int(st.session_state[f"rare-{dataset}-below"])
    name = str(st.session_state[f"rare-{dataset}-name"]).strip() or TargetAs().other
    _set(dataset, TargetAs(rare="drop" if way == "drop" else "merge", rare_below=below, other=name))


def _set_bins(dataset: str) -> None:
    _set(dataset, TargetAs(way="bins", bins=int(st.session_state[f"skewed-{dataset}-bins"])))


def _set_label(dataset: str) -> None:
    _set(dataset, TargetAs(way="label", label=str(st.session_state[f"labels-{dataset}-label"])))


def _set(dataset: str, how: TargetAs) -> None:
    try:
        overrides.set_target_as(state.folder(dataset), how)
    except AmalgamError as error:
        starting.show_error(error)
