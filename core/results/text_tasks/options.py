"""What can be chosen for a text task, as typed data: options of each task and the parameters of its job. Light."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_ROWS = 5000


class TaskOptions(BaseModel):
    """What every task lets one choose."""

    model_config = ConfigDict(extra="forbid")

    model: str = ""  # instruct model: "" is the bundled one; else a Hugging Face id or a folder (safetensors)
    encoder: str = ""  # "": the bundled one for the language; else a catalogue name, an id or a folder
    language: str = ""  # "en", "zh", "de", …; "": found out


class SummariseOptions(TaskOptions):
    """How long summaries are, and how sentences are chosen."""

    sentences: int = Field(2, ge=1, le=20)
    method: Literal["textrank", "tfidf"] = "textrank"
    max_tokens: int = Field(80, ge=10, le=512)


class AnswerOptions(TaskOptions):
    """How passages are found and read."""

    passages: int = Field(3, ge=1, le=10)  # found, and cited at most
    read: int = Field(0, ge=0, le=10)  # by the model; 0: the first by the bundled one, which mixes them up, else all
    passage_words: int = Field(60, ge=10, le=300)
    max_tokens: int = Field(48, ge=5, le=512)


class TranslateOptions(TaskOptions):
    """How a translator learns from the reference column."""

    into: str = ""  # name of the language in English, such as "Chinese"; "": found out from the reference column
    rounds: int = Field(10, ge=1, le=50)  # of expectation maximisation
    phrase_words: int = Field(4, ge=1, le=7)
    network: Literal["encoder-decoder", "lstm-encoder-decoder"] = "encoder-decoder"  # trained from scratch
    steps: int = Field(300, ge=10, le=100_000)  # of its training, in each fold
    folds: int = Field(5, ge=2, le=20)
    max_tokens: int = Field(60, ge=5, le=512)


class KeywordOptions(TaskOptions):
    """How many keywords, and who finds them."""

    keywords: int = Field(5, ge=1, le=20)
    longest: int = Field(2, ge=1, le=3)  # words of a keyword at most
    by: Literal["encoder", "model"] = "encoder"  # of the LLM way: nearness in meaning, or the instruct model's list
    max_tokens: int = Field(40, ge=5, le=256)


class TopicOptions(TaskOptions):
    """How many topics, and whether the language model names them."""

    topics: int = Field(0, ge=0, le=50)  # 0: found out
    words: int = Field(8, ge=3, le=20)  # said of each topic
    names: bool = False  # written by the instruct model


class TaskParams(BaseModel):
    """Do a text task (job kind ``task``)."""

    model_config = ConfigDict(extra="forbid")

    task: str
    ways: list[str] = []  # none: all
    dataset: str | None = None
    texts: list[str] = []  # typed, in the place of a data set
    sample: bool = False  # the task's own sample, in the place of both
    column: str = ""
    reference: str = ""
    documents: list[str] = []  # typed or pasted, each a document
    documents_dataset: str | None = None  # "": the same data set
    documents_column: str = ""
    rows: int | None = Field(None, ge=1)  # only so many, drawn by the seed
    options: dict[str, Any] = {}  # of the task's own options class
    seed: int = Field(0, ge=0, lt=2**32)


class AddColumnParams(BaseModel):
    """Make a data set with the answers of a task as a new column (job kind ``task-column``)."""

    model_config = ConfigDict(extra="forbid")

    run: str  # the job that answered
    way: str
    dataset: str  # id of the data set to make
    name: str = ""  # "": the old name with what was added
