"""What the language lab finds, as it is stored and shown. Light.

A run's folder holds ``lab.json`` (`LabResult`), ``live-NAME.jsonl`` per model that trains (`Curve`: one line per look),
and ``models/NAME`` with each model and its ``card.json`` (`ModelCard`); a fine-tuned one is called `TUNED`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from core.messages import Message
from core.results.comparison import Interval

TUNED = "tuned"


class CorpusCounts(BaseModel):
    """What became of a text on its way to training, validation and test."""

    documents: int  # that are left and divided among the three parts
    sentences: int
    characters: int
    bytes: int  # in UTF-8
    empty: int  # documents dropped: nothing in them
    exact_duplicates: int  # dropped: the same, to the letter, as an earlier one
    near_duplicates: int  # dropped: nearly the same as an earlier one
    train_documents: int
    train_bytes: int
    validation_documents: int
    validation_bytes: int
    test_documents: int
    test_bytes: int
    language: str  # "en", "zh", "de", …; "": not known


class Decoding(BaseModel):
    """How the next token is taken from its probabilities; the same seed and settings give the same text."""

    temperature: float = Field(0.8, ge=0, le=5)  # 0 always takes the likeliest
    top_k: int = Field(0, ge=0)  # only so many of the likeliest; 0: all
    top_p: float = Field(0.95, gt=0, le=1)  # only the likeliest that together reach this probability; 1: all
    min_p: float = Field(0.0, ge=0, le=1)  # only those at least this share of the likeliest; 0: all
    repetition_penalty: float = Field(1.0, ge=1, le=5)  # what was there already becomes so much less likely; 1: not
    max_tokens: int = Field(120, ge=1, le=2000)
    seed: int = 0


class ModelCard(BaseModel):
    """What a trained model's folder says about it (``card.json``)."""

    name: str  # in the catalogue, such as "transformer"; of a fine-tuned model the pretrained one's id
    kind: str  # of core.catalog.language_models, or "pretrained"
    corpus: str
    language: str
    tokenizer: str  # "bpe", "unigram", "characters" or "pretrained"
    vocabulary: int
    context: int  # most tokens it looks back on
    parameters: int = 0  # an n-gram model has none
    n_grams: int = 0
    size_bytes: int = 0  # of the folder
    seed: int = 0
    steps: int = 0
    tokens_read: int = 0
    train_seconds: float = 0.0
    tokens_per_second: float = 0.0  # while it trained
    processes: int = 1
    validation_bits_per_byte: float | None = None  # of the weights that were kept
    early_stopped: bool = False
    lora_rank: int = 0  # of a fine-tuned model
    versions: dict[str, str] = {}


class StepLine(BaseModel):
    """Some training steps, as one line of ``live-NAME.jsonl``."""

    kind: Literal["step"] = "step"
    step: int
    seconds: float  # spent on this model's training, others' turns left out
    loss_nats: float  # mean per token over the steps since the last line
    learning_rate: float
    tokens: int  # read so far
    tokens_per_second: float


class ValidationLine(BaseModel):
    """A look at the validation documents."""

    kind: Literal["validation"] = "validation"
    step: int
    seconds: float
    bits_per_byte: float
    loss_nats: float
    best: bool = False  # lower than ever before


class SampleLine(BaseModel):
    """What the model writes at this point, so that one sees it learn."""

    kind: Literal["sample"] = "sample"
    step: int
    seconds: float
    prompt: str
    text: str


LiveLine = Annotated[StepLine | ValidationLine | SampleLine, Field(discriminator="kind")]
Status = Literal["waiting", "running", "ok", "failed", "cancelled"]


class Curve(BaseModel):
    """How one model's training went, as far as it has come."""

    model: str
    steps: list[StepLine] = []
    validations: list[ValidationLine] = []
    samples: list[SampleLine] = []


class FinderPoint(BaseModel):
    """The loss while the learning rate grows from step to step."""

    learning_rate: float
    loss_nats: float  # smoothed


class FinderCurve(BaseModel):
    """What the learning-rate finder saw, and what it suggests."""

    model: str
    points: list[FinderPoint]
    steepest: float | None = None  # the rate where the loss falls fastest
    suggested: float | None = None


class ParallelCheck(BaseModel):
    """The same training on one process and on several: the same weights, and how much sooner."""

    model: str
    processes: int
    steps: int
    largest_difference: float  # between any weight of both
    same: bool  # to 1e-5
    one_seconds: float
    many_seconds: float
    speed_up: float
    cores: int


class SampleText(BaseModel):
    """A text that a model wrote from the beginning of a document, or after a prompt."""

    prompt: str = ""
    text: str
    ended: bool = False  # by itself: the document was over


class CopiedSpan(BaseModel):
    """The longest run of words in a model's texts that stands word for word in the training text."""

    words: int
    text: str  # the run
    sample: int  # which of the texts it is in
    document: int  # which training document, the first of several


class JudgeSettings(BaseModel):
    """How models are judged; the same for all that are compared."""

    decoding: Decoding = Decoding()  # its `max_tokens` follows from `text_bytes` and the tokeniser
    texts: int = Field(48, ge=0, le=1000)  # that each model writes; 0: none, only the held-out text is scored
    text_bytes: int = Field(400, ge=40, le=10_000)  # longest text; the real ones beside them are cut alike
    held_out_bytes: int = Field(300_000, ge=1_000)  # of more held-out text, documents drawn at random are read
    resamples: int = Field(500, ge=50, le=5000)
    seed: int = 0


class References(BaseModel):
    """The same measures of text that no model wrote: lines to hold generated text against."""

    real: dict[str, Interval] = {}  # held-out documents, cut like the generated ones
    shuffled: dict[str, Interval] = {}  # their sentences in another order, across documents
    n_texts: int = 0


class Judged(BaseModel):
    """A model's scores: metric (`core.catalog.language_metrics`) → value with its 95 % interval.

    A metric that the text at hand does not define (coherence where no text has two sentences) is left out.
    """

    model: str = ""
    scores: dict[str, Interval] = {}
    references: References = References()
    n_documents: int = 0  # held out and read
    n_tokens: int = 0
    n_bytes: int = 0
    document_bits: list[float] = []  # what each held-out document took; empty where they are too few to be drawn
    document_bytes: list[int] = []
    blocks: int = 0  # the intervals' units where documents are too few: stretches of text; 0: documents
    n_texts: int = 0
    samples: list[SampleText] = []
    copied: CopiedSpan | None = None
    seconds: float = 0.0
    notes: list[Message] = []


class LabModel(BaseModel):
    """One model of a laboratory run."""

    name: str
    label: Message | str = ""
    status: Status = "waiting"
    reason: Message | None = None  # why it failed
    hint: Message | None = None
    card: ModelCard | None = None
    judged: Judged | None = None


class Tuned(BaseModel):
    """A pretrained model before and after its fine-tuning on the text (LoRA)."""

    model: str
    rank: int
    trained_parameters: int
    all_parameters: int
    train_seconds: float
    before: Judged
    after: Judged


class Rival(BaseModel):
    """Bits per byte that a model needs more than the best of its run, on the same documents."""

    model: str
    more: Interval


class LabResult(BaseModel):
    """A run of the language lab, finished or still at work (``lab.json``)."""

    schema_version: int = 1
    corpus: str
    counts: CorpusCounts
    digest: str = ""  # of the documents and their split
    tokenizer: str
    vocabulary: int  # tokens it has
    budget_seconds: float | None = None  # per neural model
    seed: int = 0
    settings: JudgeSettings = JudgeSettings()
    models: list[LabModel] = []
    rivals: list[Rival] = []  # of the best model, once all are judged
    finders: list[FinderCurve] = []
    parallel: list[ParallelCheck] = []
    tuned: list[Tuned] = []
    notes: list[Message] = []

    def model(self, name: str) -> LabModel | None:
        return next((one for one in self.models if one.name == name), None)

    @property
    def references(self) -> References:
        """Those of the first model that was judged; they are the same for all."""
        judged = [one.judged for one in self.models if one.judged is not None]
        return judged[0].references if judged else References()


LAB_FILE = "lab.json"
CARD = "card.json"  # in a model's folder
_LINE: TypeAdapter[LiveLine] = TypeAdapter(LiveLine)


def live_file(folder: Path, model: str) -> Path:
    """Where a model's training writes its lines."""
    return folder / f"live-{model}.jsonl"


def read_curve(folder: Path, model: str) -> Curve:
    """A model's curve so far; a line that is still being written is left for the next look."""
    curve = Curve(model=model)
    path = live_file(folder, model)
    if not path.exists():
        return curve
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        match _LINE.validate_json(line):
            case StepLine() as step:
                curve.steps.append(step)
            case ValidationLine() as validation:
                curve.validations.append(validation)
            case SampleLine() as sample:
                curve.samples.append(sample)
    return curve
