"""What passes between a language model and the model beside it in one fit: shapes, counts, seconds. Light."""

from __future__ import annotations

from pydantic import BaseModel


class Flow(BaseModel):
    """Counts of one fit; what does not take place is 0."""

    n_rows: int  # trained on
    n_texts: int  # different texts the language model read
    width: int  # numbers it hands over per row
    n_columns: int  # source columns that are not read by it
    n_features: int = 0  # numbers per row the model takes in all
    n_trained: int = 0  # the language model's own parameters that were changed
    n_steps: int = 0  # steps of its training
    n_parameters: int = 0  # of a head that is trained with it
    trust: float | None = None  # how far advice was followed, from 0 to 1
    encode_seconds: float = 0.0
    fit_seconds: float = 0.0
