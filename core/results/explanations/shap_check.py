"""What a check against shap is as data: our bars and shap's side by side, and the sentence about them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.messages import Message, _, clip, say
from core.results.explanations.rows import Output

ExplainerName = Literal["Tree", "Exact", "Permutation", "Partition"]
Agreement = Literal["rounding", "sampling", "grouping", "apart"]

ROUNDING = 1e-3  # of the longest bar: encoders count in float32, and a text's row depends a little on its batch
LEAST_BAR = 1e-6  # beside an output of 1; shorter bars are as good as none


class Beside(BaseModel):
    """One bar of ours and shap's; each reach is half its 95 % interval, 0 where the value is exact."""

    name: str
    ours: float
    ours_reach: float = 0.0
    theirs: float
    theirs_reach: float = 0.0
    band: float = 0.0  # how far drawing orders alone takes the two apart, all bars together with 95 %

    @property
    def difference(self) -> float:
        """Ours minus shap's."""
        return self.ours - self.theirs


class ShapBars(BaseModel):
    """The row's columns, or one text's words, by one of shap's explainers."""

    column: str = ""  # the text whose words these are; "": the row's columns
    explainer: ExplainerName
    bars: list[Beside]
    ours_base: float
    base: float  # the output with everything hidden
    ours_output: float
    output: float
    evaluations: int  # rows or texts that went through the model
    seconds: float

    @property
    def longest(self) -> float:
        """The longest bar of either side."""
        return max((max(abs(bar.ours), abs(bar.theirs)) for bar in self.bars), default=0.0)

    @property
    def worst(self) -> Beside:
        """The bar with the largest difference."""
        return max(self.bars, key=lambda bar: abs(bar.difference))

    @property
    def share(self) -> float:
        """The largest difference beside the longest bar."""
        return abs(self.worst.difference) / self.longest if self.longest > 0 else 0.0

    @property
    def agreement(self) -> Agreement:
        """Whether the two say the same, and up to what."""
        rounding = ROUNDING * max(self.longest, self._least)
        if all(abs(bar.difference) <= rounding for bar in self.bars):
            return "rounding"
        if self.explainer == "Partition":
            return "grouping"
        within = all(abs(bar.difference) <= rounding + bar.band for bar in self.bars)
        return "sampling" if within else "apart"

    @property
    def _least(self) -> float:
        return LEAST_BAR * max(1.0, abs(self.output))

    @property
    def furthest(self) -> Beside:
        """The bar whose difference sampling explains least; the largest one where nothing was sampled."""
        return max(self.bars, key=lambda bar: abs(bar.difference) - bar.band)


class ShapCheck(BaseModel):
    """One explained row beside shap (``shap_check.json``)."""

    run: str = ""
    candidate: str
    explanation: str = ""  # job whose bars these are
    row: int
    label: str = ""
    output: Output
    unit: str
    background_rows: int
    repeated_rows: int  # as shap sees them: each as often as it counts
    shap_version: str
    parts: list[ShapBars] = []  # columns first, then each text's words
    ours_seconds: float
    seconds: float = 0.0  # shap's


def unit_words(unit: str) -> Message | str:
    """A unit in words; a target's name as it is."""
    return {"probability": say(_("probability")), "log-odds": say(_("log-odds"))}.get(unit, unit)


def sentence(part: ShapBars, unit: str) -> Message:
    """Whether the two agree, by how much they differ, and why."""
    found = part.agreement
    bar = part.furthest if found == "apart" else part.worst
    given = {
        "name": "".join(letter for letter in clip(bar.name, 40) if letter.isprintable()),
        "difference": abs(bar.difference),
        "share": abs(bar.difference) / part.longest if part.longest > 0 else 0.0,
        "unit": unit_words(unit),
        "band": bar.band,
    }
    return say(_SENTENCES["apart-exact" if found == "apart" and given["band"] == 0 else found], **given)


_SENTENCES = {
    "rounding": _(
        "The two agree: the largest difference is {difference:.2g} ({unit}), {share:.2%} of the longest bar, which is "
        "rounding."
    ),
    "sampling": _(
        "The two agree: the largest difference is {difference:.2g} ({unit}), {share:.1%} of the longest bar; drawing "
        "orders at random explains up to {band:.2g} there."
    ),
    "grouping": _(
        "The two answer different questions here: Partition shares a text out among groups of neighbouring words, we "
        "share it out among single words. The largest difference is {difference:.2g} ({unit}), {share:.1%} of the "
        "longest bar."
    ),
    "apart": _(
        "The two do not agree: “{name}” differs by {difference:.2g} ({unit}), {share:.1%} of the longest bar, and "
        "drawing orders at random explains no more than {band:.2g} of it."
    ),
    "apart-exact": _(
        "The two do not agree: “{name}” differs by {difference:.2g} ({unit}), {share:.1%} of the longest bar, and "
        "neither of the two is sampled."
    ),
}


def reasons(part: ShapBars) -> list[Message]:
    """What else differs, where the two are apart: the base tells of the background, the output of row and model."""
    if part.column or part.agreement != "apart":
        return []
    found = []
    nearly = ROUNDING * max(part.longest, part._least)
    if abs(part.ours_output - part.output) > nearly:
        text = _("The model’s output for this row was {ours:.4g} and is {theirs:.4g}: the row or the model changed.")
        found.append(say(text, ours=part.ours_output, theirs=part.output))
    if abs(part.ours_base - part.base) > nearly:
        text = _("Their bases are {ours:.4g} (ours) and {theirs:.4g} (shap): the two hid columns by different rows.")
        found.append(say(text, ours=part.ours_base, theirs=part.base))
    return found


def explainer_about(name: ExplainerName) -> Message:
    """What one of shap's explainers does, in a sentence."""
    return say(_ABOUT[name])


_ABOUT: dict[ExplainerName, str] = {
    "Tree": _("shap.explainers.Tree reads the trees themselves (interventional), which is exact."),
    "Exact": _("shap.explainers.Exact tries every set of bars, which is exact."),
    "Permutation": _("shap.explainers.Permutation draws orders at random; its interval is of its own sampling error."),
    "Partition": _(
        "shap.explainers.Partition splits a text in halves, then those; orders of words would take too long."
    ),
}
