"""What each kind of job is given to work on, as typed data: what a page submits and a worker reads back."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.catalog import Role
from core.plan import Plan


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JoinParams(_Strict):
    """How the columns of a second file come to the rows of a table (part of ``read``)."""

    upload: str = ""  # id of the upload that holds the second file; "": it is known otherwise
    key: str  # column of the table
    other_key: str  # column of the second file
    sheet: str = ""  # of the second file, where it is a workbook or has several tables; "": the one that is found
    ignore_case: bool = False
    similarity: float | None = Field(None, gt=0, le=1)  # keys at least so similar match, too; None: only the same
    repeats: Literal["refuse", "first", "average"] = "refuse"  # of several rows of the second file with one key


class JoinPreviewParams(_Strict):
    """Say what a join would match, before it is made (job kind ``join-preview``)."""

    dataset: str
    upload: str  # of the second file
    sheet: str = ""  # of it, while no keys are named
    join: JoinParams | None = None  # None: by the likeliest keys


class ReadParams(_Strict):
    """Read files into a data set (job kind ``read``)."""

    dataset: str  # id of the data set to make, or to replace
    name: str
    uploads: list[str] = []  # upload ids, in order
    test_upload: str | None = None
    paste: str | None = None
    address: str | None = None  # of the web, where that is allowed
    sample: str | None = None
    source: str | None = None  # read this data set's kept source again with other options
    options: dict[str, Any] = {}  # core.data.schema.ReadOptions
    target: str | None = None
    roles: dict[str, Role] = {}  # column → role, over what is found
    join: JoinParams | None = None  # with a second file; with `source`: to that table as it stands


class CleanParams(_Strict):
    """Find duplicates and set the later ones aside (job kind ``clean``)."""

    dataset: str
    near: bool = True
    similarity: float = Field(0.9, ge=0.5, le=1.0)  # Jaccard of character 5-grams


class GroupParams(_Strict):
    """Measure the columns that could be the group of a data set (job kind ``group``)."""

    dataset: str


class CompareParams(_Strict):
    """Compare candidates on a data set (job kind ``compare``)."""

    dataset: str
    name: str = ""
    plan: Plan
    granted_seconds: float = Field(0.0, ge=0)  # on top of the plan's budget, given once some were left out
    added: list[str] = []  # candidates asked for later: the fair rival of a run that had none
    first: str = ""  # the candidate that more time was given for
    lesson: bool = False  # a demonstration on few rows: it is neither the Compare form's nor the usual run to look at

    def in_force(self) -> Plan:
        """The plan with the time that was granted and the candidates that were added later, all on the same folds."""
        names, validation = list(dict.fromkeys([*self.plan.candidates, *self.added])), self.plan.validation
        if len(names) > 1 and validation.kind == "search":
            validation = validation.model_copy(update={"kind": "kfold"})
        plan = self.plan.with_more_time(self.granted_seconds)
        return plan.model_copy(update={"candidates": names, "validation": validation})


class ExplainParams(_Strict):
    """Explain rows of one candidate of a run (job kind ``explain``)."""

    run: str
    candidate: str
    rows: list[int] = []  # positions in the data set, to open into columns and words
    label: str | None = None  # class to explain; None: the predicted one
    output: Literal["margin", "probability"] = "margin"  # of a class
    budget_seconds: float = Field(30.0, gt=0)
    seed: int = 0


class ShapParams(_Strict):
    """Put an explained row through shap's own explainers (job kind ``shap-check``)."""

    run: str
    candidate: str
    explanation: str  # id of the explain job
    row: int  # position in the data set
    budget_seconds: float = Field(60.0, gt=0)
    seed: int = 0


class WholeParams(_Strict):
    """Explain one candidate over many rows, every class at once (job kind ``explain-whole``)."""

    run: str
    candidate: str
    output: Literal["margin", "probability"] = "margin"
    budget_seconds: float = Field(60.0, gt=0)
    seed: int = 0


class Condition(_Strict):
    """What the rows of a cohort have in common: one column compared with one value."""

    column: str
    how: Literal["is", "at least", "at most", "contains", "missing"]
    value: str = ""  # as it is written; of a date, in ISO 8601


class CohortParams(_Strict):
    """Rank the columns of one candidate over the rows that meet a condition (job kind ``explain-cohort``)."""

    run: str
    candidate: str
    where: Condition
    output: Literal["margin", "probability"] = "margin"
    budget_seconds: float = Field(30.0, gt=0)
    seed: int = 0


class AttentionParams(_Strict):
    """Look into the text encoder of a candidate (job kind ``attention``)."""

    run: str
    candidate: str
    row: int = 0  # position in the data set
    column: str | None = None  # text column; None: the first one
    text: str | None = Field(None, max_length=5000)  # typed in the place of the row's own
    label: str | None = None
    output: Literal["margin", "probability"] = "margin"
    explanation: str | None = None  # id of an explain job that may hold the row's words already
    budget_seconds: float = Field(20.0, gt=0)
    seed: int = 0


class WhatIfParams(_Strict):
    """Explain a row of the table with some cells changed (asked of the resident worker: ``what-if``)."""

    run: str
    candidate: str
    row: int  # position in the data set
    changes: dict[str, Any] = {}  # column → value
    label: str | None = None
    output: Literal["margin", "probability"] = "margin"
    words: bool = True  # open texts into words, too


class CounterfactualParams(_Strict):
    """Look for the smallest changes that change the answer (asked of the resident worker: ``counterfactual``)."""

    run: str
    candidate: str
    row: int
    changes: dict[str, Any] = {}  # made by hand before the search
    columns: list[str] | None = None  # that may change; None: all
    most_words: int = Field(3, ge=0, le=8)  # of each text
    wanted: str | None = None  # class; None: any other than now
    threshold: float | None = None  # of a number: the other side of it
    answers: int = Field(4, ge=1, le=12)
    budget_seconds: float = Field(15.0, gt=0, le=300)


class OwnParams(_Strict):
    """Look into a candidate's own model (job kind ``model-itself``)."""

    run: str
    candidate: str
    row: int = 0  # whose similar training rows are looked for
    seed: int = 0


class MapParams(_Strict):
    """Lay out the rows by their embeddings (job kind ``embedding-map``)."""

    run: str
    candidate: str
    column: str | None = None  # text column; None: the first one that is encoded
    method: Literal["pca", "umap"] = "pca"
    clusters: int = Field(8, ge=0, le=30)  # k-means; 0: found by density
    rows: int = Field(2000, ge=10, le=2000)
    seed: int = 0


class TrustParams(_Strict):
    """Say how far a candidate's explanations can be trusted (job kind ``explain-trust``)."""

    run: str
    candidate: str
    rows: int = Field(40, ge=5, le=200)  # that are explained
    seeds: int = Field(3, ge=2, le=10)  # how often each of them is, with nothing else changed
    budget_seconds: float = Field(180.0, gt=0)
    seed: int = 0


class LearnParams(_Strict):
    """Learn to explain the words of one text column of a candidate (job kind ``learn-words``)."""

    run: str
    candidate: str
    column: str | None = None  # text column; None: the first one that a language model reads
    output: Literal["margin", "probability"] = "margin"
    lessons: int = Field(65_536, ge=256, le=1_000_000)  # texts and parts of texts that are learned from
    seed: int = 0


class PredictParams(_Strict):
    """Score a file, or one row, with a run's candidate (job kind ``predict``)."""

    run: str
    candidate: str
    upload: str | None = None
    rows: list[dict[str, Any]] = []  # rows typed into the form: column → value


class ReportParams(_Strict):
    """Write the HTML report of a run (job kind ``report``)."""

    run: str
    language: str = "en"


class GenerateParams(_Strict):
    """Let the bundled instruct model write (job kind ``generate``)."""

    task: Literal["prompt", "summary", "row", "questions"]
    prompt: str = ""
    dataset: str | None = None  # for task "questions": whose texts are to be asked about
    target: str = ""  # what the questions should help to find out
    classes: list[str] = []  # of the target; none of a number
    run: str | None = None
    candidate: str | None = None
    explanation: str | None = None  # id of an explain run, for task "row"
    row: int | None = None
    language: str = "en"
    temperature: float = Field(0.7, ge=0, le=2)
    top_p: float = Field(0.9, gt=0, le=1)
    max_tokens: int = Field(200, ge=1, le=1024)
    seed: int = 0


class LanguageModelParams(_Strict):
    """Train language models from scratch on a text (job kind ``lm-train``)."""

    source: Literal["bundled", "text", "column", "upload"] = "bundled"
    text: str = Field("", max_length=5_000_000)  # pasted
    upload: str = ""  # id of an uploaded text file
    dataset: str | None = None
    column: str = ""
    beside: str = ""  # a column whose value stands before each text, so that a class can be asked for: “mood: bad”
    name: str = ""  # what the text is called; "": by its source
    documents: Literal["blank lines", "lines", "paragraphs", "marker"] | None = None  # in running text; None: find out
    lines_each: int = Field(5, ge=1, le=1000)  # of paragraphs
    marker: str = ""  # a document begins at each line that begins so
    models: list[str] = ["transformer", "lstm", "ngram"]
    tokenizer: Literal["bpe", "unigram", "characters"] = "bpe"
    vocabulary: int | None = Field(None, ge=300, le=32_000)  # None: as many as suit the text
    budget_seconds: float = Field(300.0, gt=0)  # for each neural model
    steps: int | None = Field(None, ge=1)  # in the place of the budget
    learning_rate: float | None = Field(None, gt=0, le=1)  # in the place of the models' own
    texts: int = Field(48, ge=0, le=1000)  # that each model writes to be judged by
    find_rate: bool = False  # let the learning-rate finder look first; what it sees is shown, not used
    processes: int = Field(1, ge=1, le=64)  # that share each step; first checked to give the same weights as one
    tune: str = ""  # a pretrained model to fine-tune on the text: bundled name, Hugging Face id or folder
    tune_steps: int = Field(60, ge=1)
    seed: int = Field(0, ge=0, lt=2**31)
