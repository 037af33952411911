"""Which variants of a chosen family take part; of a joint one, its operators, heads and trained layers."""

from __future__ import annotations

import streamlit as st

from core.catalog import HEADS, VARIANTS, Fusion
from core.catalog.fusions import OPERATORS, PARTS
from pages.compare.choose import families
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def draw(fusion: Fusion, key: str) -> families.Family:
    """What may be chosen of one family.  →  the family with what was chosen"""
    stem = f"{key}-{fusion.name}"
    if fusion.heads:
        return _joint(fusion, stem)
    if not fusion.variants:
        return families.Family(fusion.name)
    with st.container(border=True):
        variants = _several(
            _("{family}: which of them").format(family=t(fusion.label)),
            {"": t(fusion.bare) or _("as it is"), **{name: t(VARIANTS[name]) for name in fusion.variants}},
            f"{stem}-variants",
            _variants_help(fusion),
        )
    return families.Family(fusion.name, variants=variants)


def _joint(fusion: Fusion, stem: str) -> families.Family:
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
            {families.ALL: t(VARIANTS[families.ALL]), **{name: t(VARIANTS[name]) for name in PARTS}},
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
    return families.Family(fusion.name, variants, tuple("" if head == fusion.heads[0] else head for head in heads))


def _variant(operator: str, part: str) -> str:
    said = ["" if operator == OPERATORS[0] else operator, "" if part == families.ALL else part]
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
