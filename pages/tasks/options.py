"""The settings of a text task as widgets, made from its typed options: one place for their words."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from core import catalog
from core.catalog.language_models import ARCHITECTURES
from core.catalog.text_tasks.every import TextTask
from pages.shared import model_named
from pages.shared.i18n import _, t

WIDE = 2  # settings in a row


def labels() -> dict[str, tuple[str, str]]:
    """A setting's name on screen, and what it does in a sentence."""
    return {
        "sentences": (_("Sentences"), _("How long a summary is.")),
        "method": (_("Method"), ""),
        "max_tokens": (_("Longest answer, tokens"), _("A token is about three quarters of a word.")),
        "passages": (_("Passages"), _("How many passages are looked for.")),
        "read": (_("Passages the model reads"), _("0: one for the bundled model, all of them for a bigger one.")),
        "passage_words": (_("Words of a passage"), _("Documents are cut into passages of about this length.")),
        "into": (_("Into"), _("Name of the language in English. Left empty, it is seen from your translations.")),
        "rounds": (_("Rounds of learning"), _("Of the word table: expectation maximisation.")),
        "phrase_words": (_("Words of a phrase"), _("The longest phrase that is learned as one.")),
        "network": (_("Network to train"), _("A Transformer, or an LSTM that attends to the text it has read.")),
        "steps": (_("Steps of training"), _("Of the network that is trained from scratch, in each fold.")),
        "folds": (_("Folds"), _("Each row is answered by what was learned from the rows of the other folds.")),
        "keywords": (_("Keywords"), _("How many for each text.")),
        "longest": (_("Longest keyword, words"), ""),
        "by": (_("Found by"), _("The encoder takes the words nearest to the text; the model writes a list.")),
        "topics": (_("Topics"), _("0: as many as hang together best.")),
        "words": (_("Words of a topic"), ""),
        "names": (_("Let the model name the topics"), ""),
        "classes": (_("Classes, one per line"), _("Used where no column to compare with says which there are.")),
        "descriptions": (_("What they mean, one per line"), _("Like “positive: praises the food”.")),
        "examples": (_("Examples of each class"), _("So many rows are learned from. 0: all there are.")),
        "prompt": (_("Prompt"), _("Asked of every text.")),
        "allowed": (_("Allowed answers, one per line"), _("Left empty, anything may be answered.")),
        "fields": (
            _("Fields of the answer, one per line"),
            _("Like “stars: number”, “reason: text” or “mood: good, bad”; the answer is then a JSON object."),
        ),
        "choose": (
            _("How an allowed answer is found"),
            _("By likelihood, the model can say nothing else; written, it answers the prompt and may miss the form."),
        ),
        "model": (
            _("Another language model"),
            model_named.about()
            + " "
            + _("Left empty, the bundled one writes. A bigger model needs more memory and time."),
        ),
        "encoder": (
            _("Another encoder"),
            model_named.about() + " " + _("Left empty, the bundled one reads."),
        ),
        "language": (_("Language"), _("Its code, such as “en”, “zh” or “de”; left empty, it is found out.")),
    }


def choices() -> dict[str, str]:
    """The words for the values of settings with a few of them."""
    return {
        "textrank": "TextRank", "tfidf": "TF-IDF", "encoder": _("the encoder"), "model": _("the instruct model"),
        "likelihood": _("by likelihood"), "written": _("written"),
        "encoder-decoder": t(ARCHITECTURES["encoder-decoder"].label),
        "lstm-encoder-decoder": t(ARCHITECTURES["lstm-encoder-decoder"].label),
    }  # fmt: skip


def draw(task: TextTask, params: dict[str, Any]) -> dict[str, Any]:
    """Widgets for all settings of the task.  →  those that differ from what is usual"""
    options: Any = catalog.load(task.options)
    usual = options() if not params.get("sample") else options.model_validate(dict(task.sample.options))
    chosen: dict[str, Any] = {}
    fields = sorted(options.model_fields.items(), key=lambda one: one[0] in {"model", "encoder", "language"})
    columns = st.columns(WIDE)
    for place, (name, field) in enumerate(fields):
        with columns[place % WIDE]:
            value = _widget(
                f"option-{task.name}-{name}-{bool(params.get('sample'))}", name, field, getattr(usual, name)
            )
        if value != getattr(usual, name):
            chosen[name] = value
    return chosen


def _widget(key: str, name: str, field: FieldInfo, usual: Any) -> Any:
    label, about = labels().get(name, (name.replace("_", " ").capitalize(), ""))
    label, help_text = t(field.title) or label, (t(field.description) or about) or None
    kind = field.annotation
    if get_origin(kind) is Literal:
        values = list(get_args(kind))
        words = choices()
        return st.selectbox(
            label, values, index=values.index(usual), key=key, help=help_text,
            format_func=lambda value: words.get(value, str(value)),
        )  # fmt: skip
    if kind is bool:
        return st.checkbox(label, usual, key=key, help=help_text)
    if kind in (int, float):
        least, most = _limits(field)
        as_kind = int if kind is int else float
        return as_kind(
            st.number_input(
                label, None if least is None else as_kind(least), None if most is None else as_kind(most),
                as_kind(usual), key=key, help=help_text,
            )
        )  # fmt: skip
    if kind is str:
        return st.text_input(label, usual, key=key, help=help_text)
    lines = st.text_area(label, "\n".join(map(str, usual or [])), key=key, help=help_text)
    return [line.strip() for line in (lines or "").split("\n") if line.strip()]


def _limits(field: FieldInfo) -> tuple[float | None, float | None]:
    least = most = None
    for rule in field.metadata:
        if isinstance(rule, (Ge, Gt)):
            least = rule.ge if isinstance(rule, Ge) else rule.gt
        elif isinstance(rule, (Le, Lt)):
            most = rule.le if isinstance(rule, Le) else rule.lt
    return least, most  # type: ignore[return-value]
