"""What is asked of a table and a run, and what is answered. Light."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from core.messages import Message


class AskChat(BaseModel):
    """Question ``chat`` to the resident worker."""

    model_config = ConfigDict(extra="forbid")

    dataset: str
    run: str | None = None
    question: str = Field(min_length=1, max_length=1000)
    language: str = "en"


class Said(BaseModel):
    """A sentence of an answer, and the facts it stands on, counted from 1."""

    text: Message
    cites: list[int] = []


class Offer(BaseModel):
    """An explanation of the whole data that would answer the question, to be made (job kind ``explain-whole``)."""

    run: str = ""  # "": on the command line
    candidate: str


class ChatReply(BaseModel):
    """An answer: facts from the table and the run, and perhaps a model's words about them."""

    facts: list[Message]
    sources: list[Message] = []  # where each fact stands
    said: list[Said] = []  # the answer in sentences, of rules or of the model; none: the facts are the answer
    words: str = ""  # what the model wrote and the facts bear out; "": rules alone answered
    model: str = ""  # that wrote them; "": the bundled one
    numbers: list[str] = []  # in those words, all found in the facts
    removed: int = 0  # sentences the facts do not bear out
    note: Message | None = None
    offer: Offer | None = None
