"""The classical models that can be chosen, with the settings that matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from core.messages import _


@dataclass(frozen=True)
class Parameter:
    """One setting of a model that matters, said in a sentence.

    For a number `low` and `high` bound both the form and the search (`log`: searched on a log scale). Where classes are
    weighted by their rarity, a value below `balanced_low` is raised to it.
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
    balanced_low: float | None = None


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
    _(
        "The fewest training rows an end point of a tree may stand for. Larger is smoother. Where classes are weighted "
        "by their rarity it is at least 10: in an end point of a single row no weight could change the class."
    ),
    "int",
    1,
    1,
    50,
    balanced_low=10,
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
        "additive",
        _("Additive model (splines)"),
        _(
            "A sum of smooth curves, one for each number. Nearly as simple as a weighted sum, and bends where the data "
            "bend."
        ),
        "core.models.additive:additive",
        _ALL,
        (_C,),
        sparse=False,
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
