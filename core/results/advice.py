"""What became of a language model's advice to a classical model: how far it was trusted, and by what. Light."""

from __future__ import annotations

from pydantic import BaseModel

from core.messages import Message


class TrustPoint(BaseModel):
    """What following the advice this far costs on rows held back inside the training rows."""

    trust: float
    loss: float  # log loss, or squared error
    low: float  # its 95 % interval over those rows
    high: float


class Trust(BaseModel):
    """How far advice is followed, from 0 (not at all: the classical model alone) to 1."""

    value: float
    curve: list[TrustPoint] = []  # empty where nothing could be tried
    n_rows: int = 0  # it was tried on
    note: Message | None = None  # what that means, in a sentence


class LabelFunction(BaseModel):
    """One labelling function: what it says, how often, and how well."""

    name: str
    kind: str  # "rule", "names" or "prompt"
    label: str = ""  # the class it votes for, where it knows one only
    coverage: float  # share of all training rows, labelled or not, that it votes on
    conflicts: float  # share of them on which another function votes for another class
    accuracy: float | None = None  # estimated by the label model, of its votes
    measured: float | None = None  # of its votes on labelled rows
    n_measured: int = 0  # labelled rows it votes on


class Formula(BaseModel):
    """A new column that a language model proposed, tried on rows held back inside the training rows."""

    name: str = ""  # that the language model gave it
    text: str  # in the language of formulas
    gain: float  # by how much the loss fell with it: log loss, or squared error
    low: float  # its 95 % interval over those rows
    high: float
    used: bool


class Distillation(BaseModel):
    """A slow teacher and its fast student, on the same rows held back inside the training rows."""

    teacher_ms_per_row: float
    student_ms_per_row: float
    teacher_loss: float  # log loss, or squared error
    student_loss: float
    alone_loss: float  # of the student without a teacher
    n_rows: int


class Advice(BaseModel):
    """All that is kept of it for one candidate."""

    trust: Trust
    functions: list[LabelFunction] = []
    formulas: list[Formula] = []
    distillation: Distillation | None = None
    first_fold: bool = False  # of the first fold's training rows, since no fit on all rows is kept
