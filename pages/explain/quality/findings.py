"""Three questions to an explanation, and how each stands, in sentences with their numbers."""

from __future__ import annotations

import streamlit as st

from core.results.explanations.quality import ExplainedTrust, Finding, Standing, Subject
from pages.shared.i18n import _, t
from pages.shared.markup import plain

ICONS: dict[Standing, str] = {
    "good": ":material/check_circle:",
    "unclear": ":material/help:",
    "bad": ":material/warning:",
    "none": ":material/remove:",
}
COLOURS: dict[Standing, str] = {"good": "green", "unclear": "orange", "bad": "red", "none": "gray"}
WORST: tuple[Standing, ...] = ("bad", "unclear", "good", "none")


def draw(trust: ExplainedTrust) -> None:
    """One line per question: how it stands, and why."""
    names: dict[Subject, tuple[str, str]] = {
        "faithful": (
            _("Faithful"),
            _(
                "Words are deleted; a column takes its values in other rows. What the explanation puts first should "
                "change the answer most."
            ),
        ),
        "stable": (
            _("Stable"),
            _(
                "The same rows are explained again with nothing changed but the seed of the sampling. A row that is "
                "opened by itself tries more masked texts than this test and is steadier."
            ),
        ),
        "learned": (
            _("Learned"),
            _(
                "The same model is trained on shuffled labels, where there is nothing to learn (Adebayo et al. 2018). "
                "Its explanations should differ from those shown; those after training on the true labels should not."
            ),
        ),
    }
    for subject, (name, about) in names.items():
        own = [one for one in trust.findings if one.subject == subject]
        if own:
            _line(name, about, own)


def _line(name: str, about: str, own: list[Finding]) -> None:
    standing = next(one for one in WORST if any(found.standing == one for found in own))
    mark, words = st.columns([1, 6], vertical_alignment="top")
    mark.markdown(f":{COLOURS[standing]}[{ICONS[standing]}] **{name}**", help=about)
    words.markdown("  \n".join(plain(t(found.text)) for found in own))
