"""What a person tells in words on the Compare page: what classes and columns mean, and keyword rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.plan import Rule
from pages.shared.i18n import _
from pages.shared.markup import plain, short

MOST_DESCRIBED = 30  # classes or columns with a field of their own
_BETWEEN = re.compile(r"[,;，、；\n]")  # what stands between the words of a rule


def classes(labels: Sequence[str], key: str) -> dict[str, str]:
    """What each class means in words, for what compares rows with them."""
    with st.expander(_("What the classes mean"), icon=":material/label:"):
        st.caption(_("The language model compares each row with these words. Left empty, a class goes by its name."))
        return _described(labels, f"{key}-class")


def columns(names: Sequence[str], key: str) -> dict[str, str]:
    """What each column means in words, for what weighs columns by them."""
    with st.expander(_("What the columns mean"), icon=":material/view_column:"):
        st.caption(
            _("The language model judges by these words which columns matter. Left empty, a column goes by its name.")
        )
        return _described(names, f"{key}-column")


def _described(names: Sequence[str], key: str) -> dict[str, str]:
    given = {}
    for name in names[:MOST_DESCRIBED]:
        words = st.text_input(short(name), key=f"{key}-{name}", persist_state="session", max_chars=300)
        if words.strip():
            given[name] = words.strip()
    return given


def rules(labels: Sequence[str], key: str) -> list[Rule]:
    """Keyword rules, a row each, to add to and delete from.

    A table's edits are gone when its page is left: they are kept as rows, from which the table begins anew.
    """
    editor, kept, start = f"{key}-rules-editor", f"{key}-rules", f"{key}-rules-start"
    if editor not in st.session_state or start not in st.session_state:
        st.session_state[start] = st.session_state.get(kept, [])
    st.markdown(
        _("**Keyword rules**"),
        help=plain(
            _(
                "A rule votes for its class on every row whose texts contain one of its words. Upper and lower case "
                "make no difference. Where rules and the language model disagree, how far each may be believed is "
                "learned from the rows."
            )
        ),
    )
    st.caption(
        _("One class a line; its words or phrases with commas between them. Type into the empty line to add a rule.")
    )
    label, words = _("Class"), _("Words or phrases")
    frame = pd.DataFrame([[one["label"], one["words"]] for one in st.session_state[start]], columns=[label, words])
    edited = st.data_editor(
        frame.astype(object),
        key=editor,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            label: st.column_config.SelectboxColumn(options=list(labels), width="small"),
            words: st.column_config.TextColumn(max_chars=500, width="large"),
        },
        alt=_("Keyword rules: a class and its words in each line"),
    )
    rows = [{"label": _cell(one), "words": _cell(other)} for one, other in edited.itertuples(index=False, name=None)]
    st.session_state[kept] = [row for row in rows if row["label"] or row["words"]]
    return [Rule(label=row["label"], words=found) for row in rows if row["label"] and (found := _split(row["words"]))]


def kept_rules(given: Sequence[Rule]) -> list[dict[str, str]]:
    """Rules of a plan as the rows of the table."""
    return [{"label": rule.label, "words": ", ".join(rule.words)} for rule in given]


def _split(words: str) -> list[str]:
    return list(dict.fromkeys(word for part in _BETWEEN.split(words) if (word := part.strip())))


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()
