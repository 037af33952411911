"""The families of candidates: baselines, and the ways an LLM and a classical model work together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.messages import _


@dataclass(frozen=True)
class Fusion:
    """A family of candidates: how columns and texts meet the model.

    `way` is how a language model and a classical model work together in it; `needs` says what must be in the table for
    it to apply; `baseline`: it is there to be beaten; `costly`: it trains an
    encoder in every fold; `heads`: what may stand behind ``+`` instead of a classical model; `variants`: what may stand
    behind ``@`` in its candidates' names; `trains_only`: its language model is needed to train it, not to predict;
    `uses_unlabelled`: it also learns from rows whose target is missing; `bare`: what a name without a variant means;
    `asks`: what a person may tell it in words, of the classes, of the columns, as rules or questions, and whether a
    language model writes for it ("model"); `sees`: which
    part of a table with texts and columns it learns from, so that a fair rival sees the same.
    """

    name: str
    label: str
    about: str
    way: Literal["", "cooperative", "joint", "assisted"] = ""
    takes_encoder: bool = False
    takes_model: bool = False
    needs: Literal["nothing", "text", "columns", "any"] = "any"
    llm: bool = False
    baseline: bool = False
    costly: bool = False
    classes_only: bool = False
    promise: float = 1.0  # what is hoped for from its time, beside other families
    heads: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    trains_only: bool = False
    uses_unlabelled: bool = False
    bare: str = ""
    asks: tuple[Literal["classes", "columns", "rules", "questions", "model"], ...] = ()
    sees: Literal["nothing", "columns", "texts", "all"] = "all"


HEADS: dict[str, str] = {
    "linear": _("linear head"),
    "svm": _("SVM head"),
    "tree": _("soft tree"),
    "forest": _("soft forest"),
}
OPERATORS, PARTS = ("concat", "gated", "cross"), ("top", "lora")  # of joint candidates; parts of the encoder to train

FUSIONS: tuple[Fusion, ...] = (
    Fusion(
        "dummy",
        _("Guessing"),
        _("Always says the most frequent class, or the mean. Whatever is not better than this has learned nothing."),
        needs="nothing",
        baseline=True,
        sees="nothing",
    ),
    Fusion(
        "columns",
        _("Columns only"),
        _("Numbers, categories and dates, without any text."),
        takes_model=True,
        needs="columns",
        baseline=True,
        sees="columns",
    ),
    Fusion(
        "text-tfidf",
        _("Text only (TF-IDF)"),
        _("Word counts of the text columns, without an LLM."),
        takes_model=True,
        needs="text",
        baseline=True,
        sees="texts",
    ),
    Fusion(
        "classical",
        _("Classical, no LLM"),
        _("Word counts of the texts beside the columns: what the same table gives a classical model without an LLM."),
        takes_model=True,
        needs="text",
        baseline=True,
    ),
    Fusion(
        "text-llm",
        _("Text only (LLM)"),
        _("The LLM's features of the text columns, without the other columns."),
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        baseline=True,
        sees="texts",
    ),
    Fusion(
        "columns-as-text",
        _("Columns as text"),
        _("Each row is written out as a sentence, columns and texts alike, and the LLM reads that."),
        takes_encoder=True,
        takes_model=True,
        needs="any",
        llm=True,
        baseline=True,
    ),
    Fusion(
        "zero-shot",
        _("Zero-shot"),
        _("The LLM compares each row with the names of the classes. It learns nothing from your rows."),
        takes_encoder=True,
        needs="any",
        llm=True,
        baseline=True,
        classes_only=True,
        asks=("classes",),
        sees="texts",
    ),
    Fusion(
        "cooperative",
        _("Cooperative"),
        _("The LLM turns texts into features; a classical model decides from them and the columns together."),
        way="cooperative",
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        promise=2.0,
        variants=("words",),
        bare=_("without word counts"),
    ),
    Fusion(
        "questions",
        _("Questions"),
        _(
            "A language model answers your questions about each text, and a classical model decides from the answers "
            "and the columns: every number can be read. Its time grows with rows and questions."
        ),
        way="assisted",
        takes_model=True,
        needs="text",
        llm=True,
        promise=1.5,
        variants=("words", "fast"),
        bare=_("without word counts"),
        asks=("classes", "questions"),
    ),
    Fusion(
        "cooperative-tuned",
        _("Cooperative, tuned"),
        _(
            "The LLM is first trained further on your target; a classical model then decides from its features, the "
            "columns and word counts. Often the most accurate where texts decide; slow."
        ),
        way="cooperative",
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        costly=True,
        promise=3.0,
        variants=("all", "top", "lora", "pairs"),
        bare=_("what suits the number of rows"),
    ),
    Fusion(
        "joint",
        _("Joint"),
        _(
            "The LLM, the columns and the model that decides are trained together, in one piece, on your target; the "
            "deciding part can be linear, an SVM, a soft tree or a soft forest. Slow."
        ),
        way="joint",
        takes_encoder=True,
        needs="text",
        llm=True,
        costly=True,
        promise=2.5,
        heads=tuple(HEADS),
        variants=(*OPERATORS, *PARTS, *(f"{operator}-{part}" for operator in OPERATORS for part in PARTS)),
    ),
    Fusion(
        "assisted-probabilities",
        _("Assisted by probabilities"),
        _("The LLM's guess from the names of the classes becomes a feature beside columns and word counts."),
        way="assisted",
        takes_encoder=True,
        takes_model=True,
        llm=True,
        classes_only=True,
        promise=1.5,
        asks=("classes",),
    ),
    Fusion(
        "assisted-margins",
        _("Assisted by margins"),
        _("Boosting starts from what a model on the LLM's features says of the text, and its trees correct that."),
        way="assisted",
        takes_encoder=True,
        needs="text",
        llm=True,
        promise=1.5,
    ),
    Fusion(
        "assisted-weak",
        _("Assisted by weak labels"),
        _("Keyword rules and the LLM label rows that have no label; a classical model learns from these, too."),
        way="assisted",
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        classes_only=True,
        trains_only=True,
        uses_unlabelled=True,
        asks=("classes", "rules"),
    ),
    Fusion(
        "assisted-priors",
        _("Assisted by names"),
        _("What columns and words are called tells a linear model how much to lean on each."),
        way="assisted",
        takes_encoder=True,
        llm=True,
        trains_only=True,
        asks=("classes", "columns"),
    ),
    Fusion(
        "assisted-formulas",
        _("Assisted by formulas"),
        _(
            "A language model proposes new columns as formulas of those there are, such as income / people; a "
            "classical model uses those that help on rows held back inside the training rows."
        ),
        way="assisted",
        takes_model=True,
        llm=True,
        trains_only=True,
        asks=("columns", "model"),
    ),
    Fusion(
        "assisted-augment",
        _("Assisted by rewording"),
        _(
            "Rows of rare classes are told again in other words that the LLM finds near, or that it writes itself, for "
            "training only."
        ),
        way="assisted",
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        classes_only=True,
        trains_only=True,
    ),
    Fusion(
        "distilled",
        _("Distilled"),
        _("A tuned LLM teaches a fast classical model and stays behind: small and quick to use, slow to train."),
        way="assisted",
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        costly=True,
        variants=("all", "top", "lora", "pairs"),
        bare=_("what suits the number of rows"),
        trains_only=True,
        uses_unlabelled=True,
    ),
    Fusion(
        "auto",
        _("Automatic"),
        _("Screens many candidates on inner folds, then keeps the best one, or a mixture where that is better."),
        llm=True,
        costly=True,
    ),
)
VARIANTS: dict[str, str] = {
    "words": _("with word counts"),
    "fast": _("by a fast copy"),
    "all": _("all layers"),
    "top": _("top layers only"),
    "lora": _("LoRA"),
    "pairs": _("by pairs"),
    "concat": _("side by side"),
    "gated": _("mixed by a gate"),
    "cross": _("cross-attention"),
}
