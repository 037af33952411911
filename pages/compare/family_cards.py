"""The families on the Compare page: cards in rows by kind, and which variants of a chosen family take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core import catalog
from core.catalog import HEADS, VARIANTS, Fusion, Task
from core.catalog.fusions import OPERATORS, PARTS
from core.data.schema import Schema
from core.names import Name
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.ways import diagrams

USUAL = ("dummy", "columns", "classical", "cooperative")  # families that are chosen at first
ALL = "all"  # layers are trained: joint's own part, which its name leaves unsaid


@dataclass(frozen=True)
class Family:
    """A family that takes part, with its variants and heads; ``""`` is the bare one."""

    name: str
    variants: tuple[str, ...] = ("",)
    heads: tuple[str, ...] = ("",)


def draw(schema: Schema, task: Task, key: str) -> list[Family]:
    """Rows of cards, each with its sentence; under a row, what may be chosen of the families in it."""
    st.markdown(_("**What to compare**"))
    chosen: list[Family] = []
    for title, about, fusions in _rows(schema, task):
        st.markdown(f"**{title}**")
        st.caption(about)
        with st.container(horizontal=True):
            wanted = [fusion for fusion in fusions if _card(fusion, key)]
        chosen += [_options(fusion, key) for fusion in wanted]
    return chosen


def joint_parts(variant: str) -> tuple[str, str]:
    """The operator of a joint candidate, and which layers it trains: ``gated-top`` → gated, top."""
    said = variant.split("-")
    return (
        next((part for part in said if part in OPERATORS), OPERATORS[0]),
        next((part for part in said if part in PARTS), ALL),
    )


def names(family: Family, encoders: Sequence[str], models: Sequence[str]) -> list[str]:
    """Every combination, the bare encoder first; models: ``""`` is the family's own."""
    tails = family.heads if catalog.fusion(family.name).heads else models
    return [
        str(Name(family.name, encoder, tail, variant))
        for encoder in encoders
        for tail in tails
        for variant in family.variants
    ]


def _rows(schema: Schema, task: Task) -> list[tuple[str, str, list[Fusion]]]:
    """Title, sentence and families of each row; what can't apply to this table is not there."""
    has = {"text": bool(schema.names("text")), "columns": bool(schema.names("number", "category", "date"))}
    fitting = [
        fusion
        for fusion in catalog.FUSIONS
        if has.get(fusion.needs, True) and not (fusion.classes_only and task == "regression")
    ]
    to_beat = _(
        "Guessing, each half alone, and both without a language model. A fusion that does not beat them is not worth "
        "what it costs."
    )
    rows = [(_("Baselines"), to_beat, [fusion for fusion in fitting if fusion.baseline])]
    rows += [
        (title, about, [fusion for fusion in fitting if fusion.way == way])
        for way, (title, about) in diagrams.titles().items()
    ]
    left = _("Amalgam tries many candidates itself and keeps the best.")
    rows.append((_("Left to Amalgam"), left, [one for one in fitting if not one.baseline and not one.way]))
    return [row for row in rows if row[2]]


def _card(fusion: Fusion, key: str) -> bool:
    with st.container(border=True, width=230, height="stretch"):
        wanted = st.checkbox(
            t(fusion.label), fusion.name in USUAL, key=f"{key}-family-{fusion.name}", persist_state="session"
        )
        st.caption(t(fusion.about))
    return bool(wanted)


def _options(fusion: Fusion, key: str) -> Family:
    stem = f"{key}-{fusion.name}"
    if fusion.heads:
        return _joint(fusion, stem)
    if not fusion.variants:
        return Family(fusion.name)
    with st.container(border=True):
        variants = _several(
            _("{family}: which of them").format(family=t(fusion.label)),
            {"": t(fusion.bare) or _("as it is"), **{name: t(VARIANTS[name]) for name in fusion.variants}},
            f"{stem}-variants",
            _variants_help(fusion),
        )
    return Family(fusion.name, variants=variants)


def _joint(fusion: Fusion, stem: str) -> Family:
    """Operator, head and trained layers; each combination is a candidate."""
    with st.container(border=True):
        operators = _several(
            _("How text and columns are put together"),
            {name: t(VARIANTS[name]) for name in OPERATORS},
            f"{stem}-operators",
            _(
                "Side by side: the numbers of the text stand next to those of the columns. Mixed by a gate: a small "
                "trained part says for each row how much the text counts and how much the columns. Cross-attention: "
                "the columns look at the words of the text and take what matters to them."
            ),
        )
        heads = _several(
            _("What decides"),
            {name: t(HEADS[name]) for name in fusion.heads},
            f"{stem}-heads",
            _(
                "A linear head weighs and adds up, as logistic regression does. An SVM head keeps the classes as far "
                "apart as it can. A soft tree is a decision tree that sends a row both ways, more or less; a soft "
                "forest is the mean of several."
            ),
        )
        parts = _several(
            _("What is trained of the language model"),
            {ALL: t(VARIANTS[ALL]), **{name: t(VARIANTS[name]) for name in PARTS}},
            f"{stem}-parts",
            _layers_help(),
        )
        st.caption(
            _(
                "A hard tree has no gradient, so it can't be trained together with the encoder: the soft tree stands "
                "in for it. Compare with Cooperative, tuned · Decision tree, where a hard tree is fitted afterwards."
            )
        )
        n = len(operators) * len(heads) * len(parts)
        if n > 1:
            st.caption(_("{n} joint candidates for each encoder.").format(n=n))
    variants = tuple(_variant(operator, part) for operator in operators for part in parts)
    return Family(fusion.name, variants, tuple("" if head == fusion.heads[0] else head for head in heads))


def _variant(operator: str, part: str) -> str:
    said = ["" if operator == OPERATORS[0] else operator, "" if part == ALL else part]
    return "-".join(filter(None, said))


def _several(label: str, options: dict[str, str], key: str, about: str) -> tuple[str, ...]:
    """Some of the options, at least one: the first where none is chosen."""
    chosen = st.pills(
        label,
        list(options),
        selection_mode="multi",
        default=[next(iter(options))],
        format_func=options.__getitem__,
        key=key,
        help=plain(about),
        persist_state="session",
    )
    return tuple(name for name in options if name in (chosen or [])) or (next(iter(options)),)


def _variants_help(fusion: Fusion) -> str:
    each = _("Each one chosen here is a candidate of its own.")
    if "lora" in fusion.variants:
        pairs = _("By pairs: trained to bring texts of one class together, which needs the fewest labels.")
        return f"{each} {_layers_help()} {pairs}"
    return each


def _layers_help() -> str:
    return _(
        "All layers: most accurate as a rule, and slowest. Top layers only: faster; the layers below stay as they "
        "are. LoRA (low-rank adaptation): small additions are trained beside weights that stay as they are."
    )
