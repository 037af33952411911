"""What a classical model says of itself, as data: its tree, its coefficients, its neighbours, its support vectors."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.messages import Message

OWN_FILE = "own.json"
FeatureKind = Literal[
    "number",
    "missing",
    "category",
    "spelling",
    "date",
    "word",
    "piece",
    "embedding",
    "answer",
    "formula",
    "advice",
    "unknown",
]


class Feature(BaseModel):
    """One number that the model takes, by the source column it comes from."""

    column: str
    kind: FeatureKind
    detail: str = ""  # the category's value, the word, the part of a date; an embedding's encoder; the question
    number: int = 0  # of an embedding's dimension, from 1
    middle: float = 0.0  # of a number: what the model sees is (value − middle) / spread
    spread: float = 1.0  # of a category: 1 is seen as 1 / spread


class Share(BaseModel):
    """How much of a whole falls to one source column."""

    name: str
    kind: FeatureKind
    share: float
    n_features: int


class Node(BaseModel):
    """A node of a tree, parents before their children; a leaf has no question."""

    above: int = -1  # place of the parent; −1 for the root
    left: bool = False  # whether it is the one where the answer is yes
    level: int = 0
    feature: Feature | None = None
    threshold: float = 0.0  # yes: feature ≤ threshold, in the column's own units where it is a number
    cut: bool = False  # it goes on below, but is not shown
    n_rows: int
    values: list[float] = []  # shares of the classes
    number: float | None = None  # mean of the target, or what this tree adds to a score


class Tree(BaseModel):
    """One decision tree."""

    classes: list[str] = []
    adds_to: str = ""  # of a boosted tree: the class whose score it adds to
    boosted: bool = False
    depth: int
    n_leaves: int
    nodes: list[Node]


class Coefficient(BaseModel):
    """What one feature adds to a score."""

    feature: Feature
    label: str = ""  # the class whose score it is
    value: float  # a number: per standard deviation; a category: against the column's other values; a word: per weight
    per_unit: float | None = None  # of a number
    effect: float  # standard deviation of what it adds, over the background rows


class Block(BaseModel):
    """The features of one column together."""

    column: str
    kind: FeatureKind
    label: str = ""
    n_features: int
    effect: float  # standard deviation of what they add together, over the background rows


class Linear(BaseModel):
    """A weighted sum."""

    unit: Literal["log-odds", "score", "margin", "target"]
    intercepts: dict[str, float]
    coefficients: list[Coefficient] = []
    blocks: list[Block] = []


class Similar(BaseModel):
    """A training row near the chosen one, or a support vector."""

    row: int  # position in the data set
    truth: str
    distance: float | None = None
    weight: float | None = None
    cells: dict[str, str] = {}


class Neighbours(BaseModel):
    """The training rows nearest to a row, in the features the model sees."""

    row: int
    votes: bool  # whether the model itself decides by them
    k: int  # how many it asks
    n_searched: int
    asked: Similar | None = None  # the row itself
    found: list[Similar] = []


class Vectors(BaseModel):
    """Support vectors: the training rows that a support vector machine rests on."""

    n_rows: int  # it was trained on
    counts: dict[str, int]  # class → how many; "" for numbers
    cap: float = 0.0  # C: no weight is larger
    n_capped: int = 0
    heaviest: list[Similar] = []


class OwnExplanation(BaseModel):
    """What there is to see in a candidate's own model (``own.json``)."""

    run: str
    candidate: str
    kind: Literal["tree", "forest", "boosting", "linear", "neighbours", "support-vectors", "network", "none"]
    model: str = ""  # the estimator's class
    classes: list[str] = []
    target: str = ""
    importances: list[Share] = []
    trees: list[Tree] = []
    n_trees: int = 0
    linear: Linear | None = None
    neighbours: Neighbours | None = None
    vectors: Vectors | None = None
    notes: list[Message] = []
    seconds: float = 0.0
