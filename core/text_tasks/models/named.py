"""A model of the user's choice, by Hugging Face id or folder, through transformers: on a GPU where there is one.

Only safetensors are read, and no code that comes with a model is ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer, StoppingCriteria

from core.allowed import models
from core.encode.model_files import UNLOADABLE, WANTED_FILES, fetched
from core.messages import ModelUnavailable, _

BATCH = 4
END = 300  # tokens at the end of a prompt that is too long: the question stands there
PATTERNS = [*WANTED_FILES, "generation_config.json", "chat_template.jinja", "*.spm"]


class Named:
    """An instruct model, or an encoder-decoder model such as a translation model.

    Parameters
    ----------
    model : str
        Hugging Face id or folder.

    Raises
    ------
    ModelUnavailable
        It is not on this machine and can't be fetched, or it is not what may be loaded.
    """

    def __init__(self, model: str) -> None:
        self.name = model
        folder = found(model)
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        try:
            config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
            self.pairs = bool(getattr(config, "is_encoder_decoder", False))  # reads one text and writes another
            kind = AutoModelForSeq2SeqLM if self.pairs else AutoModelForCausalLM
            model_read: Any = kind.from_pretrained(
                folder, dtype="auto", use_safetensors=True, trust_remote_code=False, local_files_only=True
            )
            self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        except UNLOADABLE as error:
            raise ModelUnavailable(
                _("“{model}” could not be loaded as a model that writes: {cause}"),
                _("Leave the model's name empty to use the one that comes with Amalgam."),
                model=model,
                cause=" ".join(str(error).split())[:200] or type(error).__name__,
            ) from error
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = model_read.to(self.device).eval()
        positions = getattr(config, "max_position_embeddings", None)
        self.longest = min(self.tokenizer.model_max_length, positions or self.tokenizer.model_max_length)  # tokens
        self.tokenizer.padding_side = "right" if self.pairs else "left"
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        """Answer each prompt by the likeliest tokens, in order; a prompt can't pretend to be the model's own signs."""
        for start in range(0, len(prompts), BATCH):
            batch = [as_letters(self.tokenizer, prompt) for prompt in prompts[start : start + BATCH]]
            if self.pairs:  # what is written takes no room from what is read
                yield from self._batch([self._asked(prompt, self.longest) for prompt in batch], max_tokens, stop)
            else:
                answer = min(max_tokens, self.longest // 2)
                asked = [self._asked(prompt, self.longest - answer) for prompt in batch]
                yield from self._batch(asked, answer, stop)

    @property
    def _chats(self) -> bool:
        return not self.pairs and bool(getattr(self.tokenizer, "chat_template", None))

    def _asked(self, prompt: str, room: int) -> str:
        """The prompt in the model's chat form, if it has one; one that is too long keeps its beginning and end."""
        asked = self._in_form(prompt)
        over = len(self._ids(asked)) - room
        if over <= 0:
            return asked
        ids = self.tokenizer.encode(prompt, add_special_tokens=False)
        keep = len(ids)
        while over > 0 and keep > 0:  # a text cut and put together can have more tokens than its parts
            keep = max(0, keep - over)
            end = min(END, keep // 2)
            left = [*ids[: keep - end], *ids[len(ids) - end :]]
            asked = self._in_form(str(self.tokenizer.decode(left, skip_special_tokens=True)))
            over = len(self._ids(asked)) - room
        return asked

    def _in_form(self, prompt: str) -> str:
        if not self._chats:
            return prompt
        chat = [{"role": "user", "content": prompt}]
        return str(self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True))

    def _ids(self, asked: str) -> list[int]:
        return list(self.tokenizer.encode(asked, add_special_tokens=not self._chats))

    def _batch(self, prompts: list[str], max_tokens: int, stop: Callable[[], bool]) -> list[str]:
        inputs = self.tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=not self._chats).to(
            self.device
        )
        with torch.inference_mode():
            written = self.model.generate(
                **inputs, max_new_tokens=max_tokens, do_sample=False, stopping_criteria=[_Stop(stop)]
            )
        answers = written if self.pairs else written[:, inputs["input_ids"].shape[1] :]
        return [text.strip() for text in self.tokenizer.batch_decode(answers, skip_special_tokens=True)]


def as_letters(tokenizer: Any, text: str) -> str:
    """A text whose signs of control are taken apart: ``<|im_end|>`` in a cell becomes ``< |im_end|>``."""
    for token in tokenizer.added_tokens_decoder.values():
        if token.special and len(token.content) > 1:
            text = text.replace(token.content, f"{token.content[0]} {token.content[1:]}")
    return text


class _Stop(StoppingCriteria):
    """Ends the writing when the user cancelled."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self.stop = stop

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **other: Any) -> torch.Tensor:
        return torch.full((len(input_ids),), self.stop(), dtype=torch.bool, device=input_ids.device)


def found(model: str) -> Path:
    """The folder of a model named by folder or Hugging Face id, fetched if it must be and can be.

    Raises
    ------
    ModelUnavailable
    """
    if (folder := models.folder_of(model)) is not None:
        return folder
    hint = _("Leave its name empty to use the one that comes with Amalgam, or give a local folder.")
    return fetched(model, PATTERNS, hint)
