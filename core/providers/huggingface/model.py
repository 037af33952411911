"""A folder's model in memory, on a GPU where there is one: it writes, and says how likely answers are."""

from __future__ import annotations

import copy
import inspect
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from jinja2.exceptions import TemplateError
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

from core.encode.model_files import UNLOADABLE
from core.messages import ModelUnavailable, UnusableData, _, clip
from core.providers import memory
from core.providers.base import (
    CONTEXT,
    CUTS,
    SAID,
    Ended,
    Keep,
    Report,
    Written,
    asked,
    begins,
    brief,
    until,
)
from core.providers.huggingface.generating import generated
from core.providers.vocabulary import control_tokens, languages, plain
from core.results.language.laboratory import Decoding

BATCH = 4  # texts that are written side by side
END = 300  # tokens at the end of a prompt that is too long: the question stands there
MARGIN = 2  # tokens at the end of a text that may be others where a question follows
CUE = "\n\nAnswer:"  # where a model without a chat form is asked for an answer
HALF_CHARACTER = "\ufffd"  # stands for a character whose other bytes are still to come


class TransformersModel:
    """An instruct model; one without a chat form, which goes on from a prompt; or an encoder-decoder model.

    Parameters
    ----------
    folder : Path
    name : str
    revision : str
        Fingerprint of the folder.
    pairs : bool
        It reads one text and writes another, as a translation model does.
    number : torch.dtype, optional
        The format of its weights in memory; by default as they are stored.

    Raises
    ------
    ModelUnavailable
        It can't be loaded.
    """

    def __init__(
        self, folder: Path, name: str, revision: str, pairs: bool = False, number: torch.dtype | None = None
    ) -> None:
        self.name, self.revision, self.pairs = name, revision, pairs
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        kind: Any = AutoModelForSeq2SeqLM if pairs else AutoModelForCausalLM
        only: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            model, told = kind.from_pretrained(
                folder, dtype=number or "auto", use_safetensors=True, output_loading_info=True, **only
            )
            self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, **only)
            self.model: Any = model.to(self.device).eval()
            if told["missing_keys"]:  # else random ones would stand in their place
                raise ValueError(f"no weights for {', '.join(sorted(told['missing_keys'])[:3])}")
        except UNLOADABLE as error:
            raise unloadable(name, error) from error
        positions = getattr(model.config.get_text_config(), "max_position_embeddings", None) or CONTEXT
        self.longest = min(self.tokenizer.model_max_length, positions, CONTEXT)  # tokens
        self.tokenizer.padding_side = "right" if pairs else "left"
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.control = control_tokens(self.tokenizer.added_tokens_decoder.values())
        self.writes = languages(self.tokenizer.get_vocab())
        self.repetition_penalty = float(model.generation_config.repetition_penalty or 1.0)
        self._beginnings: tuple[tuple[str, ...], list[torch.Tensor]] = ((), [])

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = ()
    ) -> Generator[Written, None, None]:
        """Answer each prompt n times; see `core.providers.base.LanguageModel`.

        A few texts are written side by side, and each draws from a generator of its own. An encoder-decoder model that
        searches with beams hands on whole texts.
        """
        todo = [(place, sample) for place in range(len(prompts)) for sample in range(n)]
        for start in range(0, len(todo), BATCH):
            yield from self._side_by_side(prompts, todo[start : start + BATCH], settings, stop)

    def score(
        self,
        texts: Sequence[str],
        questions: Sequence[str],
        answers: Sequence[str],
        report: Report = lambda done, total: None,
        keep: Keep = lambda place, said: None,
    ) -> np.ndarray:
        """How likely each answer is, by all next tokens; see `core.providers.base.Judge`.

        A text is read once, and each question from where it ends, by itself: what else is asked makes no difference.

        Raises
        ------
        ModelUnavailable
            An encoder-decoder model was asked.
        """
        if self.pairs:
            raise ModelUnavailable(
                _("“{model}” reads one text and writes another, so it can't say how likely an answer is."),
                _("Choose a causal language model, as instruct and chat models are; others can be encoders."),
                model=clip(self.name),
            )
        said = np.empty((len(texts), len(questions), len(answers)))
        for row, text in enumerate(texts):
            report(row, len(texts))
            read = _Read(self, text, answers)
            for place, question in enumerate(questions):
                said[row, place] = self._logs(read.following(question), answers).round(SAID)
            keep(row, said[row])
        return said

    def _logs(self, following: torch.Tensor, answers: Sequence[str]) -> np.ndarray:
        """As `core.providers.base.answer_logs`, from what all tokens are worth: (vocabulary,)  →  (answers,)"""
        logs = following.float().log_softmax(-1).cpu()
        least = logs.min()
        return np.asarray([float(logs[ids].logsumexp(0) if len(ids) else least) for ids in self._begin(tuple(answers))])

    def _begin(self, answers: tuple[str, ...]) -> list[torch.Tensor]:
        """Of each answer the tokens that begin it."""
        if self._beginnings[0] != answers:
            ids = sorted(set(range(len(self.tokenizer))) - set(self.tokenizer.all_special_ids))
            places = [begins(word, answers) for word in self.tokenizer.batch_decode([[one] for one in ids])]
            found = [
                torch.tensor([one for one, meant in zip(ids, places, strict=True) if meant == place], dtype=torch.long)
                for place in range(len(answers))
            ]
            self._beginnings = (answers, found)
        return self._beginnings[1]

    def read(self, ids: Sequence[int], cache: Any = None) -> tuple[torch.Tensor, Any]:
        """What follows tokens, and what is kept of them.

        cache: of what stands before them; it is changed
        →  logits, (vocabulary,), and a cache, None if the model keeps none
        """
        fewer = {"logits_to_keep": 1} if "logits_to_keep" in inspect.signature(self.model.forward).parameters else {}
        with torch.inference_mode():
            output = self.model(
                input_ids=torch.tensor([ids], device=self.device), past_key_values=cache, use_cache=True, **fewer
            )
        return output.logits[0, -1], getattr(output, "past_key_values", None)

    def question_ids(self, text: str, question: str, answers: Sequence[str]) -> list[int]:
        """Tokens of a question about a text, up to where the answer begins."""
        told = plain(brief(answers), self.control)
        prompt = plain(asked(text, question), self.control)
        if not self._chats:
            return self._ids(f"{told}\n\n{prompt}{CUE}")
        try:
            return self._ids(self._in_form(prompt, told))
        except TemplateError:  # a form that knows no such role
            return self._ids(self._in_form(f"{told}\n\n{prompt}"))

    @property
    def _chats(self) -> bool:
        return not self.pairs and bool(getattr(self.tokenizer, "chat_template", None))

    def _side_by_side(
        self, prompts: Sequence[str], todo: list[tuple[int, int]], settings: Decoding, stop: Sequence[str]
    ) -> Generator[Written, None, None]:
        """Some prompts' answers; todo: of each its place and sample."""
        answer = settings.max_tokens if self.pairs else min(settings.max_tokens, self.longest // 2)
        room = (
            self.longest if self.pairs else self.longest - answer
        )  # of a pair, an answer takes none from what is read
        read = [self._asked(plain(prompts[place], self.control), room) for place, _sample in todo]
        tokens = self.tokenizer(read, return_tensors="pt", padding=True, add_special_tokens=not self._chats)
        inputs = {name: tokens[name].to(self.device) for name in ("input_ids", "attention_mask")}
        seeds = [settings.seed + sample for _place, sample in todo]
        written = [Written(*one, "", 0, None) for one in todo]
        ids: list[list[int]] = [[] for _one in todo]
        over: set[int] = set()
        drawing = settings.model_copy(update={"max_tokens": answer})
        with closing(generated(self.model, inputs, drawing, seeds, over)) as steps:
            for step in steps:
                if step is None:  # still reading: whoever waits may want to leave
                    yield next(one for one in written if not one.ended)
                    continue
                for row, token in enumerate(step):
                    if row not in over:
                        written[row] = self._grown(todo[row], ids[row], token, answer, stop)
                        over |= {row} if written[row].ended else set()
                        yield written[row]
                if len(over) == len(todo):
                    return

    def _grown(self, which: tuple[int, int], ids: list[int], token: int, most: int, stop: Sequence[str]) -> Written:
        """A text after one more token."""
        end = token in self._ends
        if not end:
            ids.append(token)
        full = len(ids) == most
        text = str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip().rstrip(HALF_CHARACTER)
        text, stopped = until(text, stop, final=end or full)
        ended: Ended | None = "stop" if stopped else "end" if end else "length" if full else None
        return Written(*which, text, len(ids), ended)

    @property
    def _ends(self) -> set[int]:
        told = self.model.generation_config.eos_token_id
        return set(told if isinstance(told, list) else [told]) - {None}

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

    def _in_form(self, prompt: str, told: str = "") -> str:
        """The prompt in the chat form, without thinking aloud; told: stands before it, in the place of a default"""
        if not self._chats:
            return prompt
        chat = [{"role": "system", "content": told}] if told else []
        chat.append({"role": "user", "content": prompt})
        return str(
            self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        )

    def _ids(self, asked: str) -> list[int]:
        return list(self.tokenizer.encode(asked, add_special_tokens=not self._chats))


class _Read:
    """A text that was read once, for several questions; of one that is too long, the beginning."""

    def __init__(self, model: TransformersModel, text: str, answers: Sequence[str]) -> None:
        self.model, self.text, self.answers = model, text, answers
        self.ids: list[int] = []  # that every question's prompt begins with
        self.cache: Any = None
        ids, other = (model.question_ids(text, question, answers) for question in ("", "Is it?"))
        shared = next((place for place, (a, b) in enumerate(zip(ids, other, strict=False)) if a != b), len(ids))
        if MARGIN < shared < model.longest:
            self.ids = ids[: shared - MARGIN]
            self.cache = model.read(self.ids)[1]

    def following(self, question: str) -> torch.Tensor:
        """What follows a question: logits, (vocabulary,)"""
        text = self.text
        for _cut in range(CUTS):
            ids = self.model.question_ids(text, question, self.answers)
            if len(ids) <= self.model.longest:
                begun = len(self.ids)
                if self.cache is None or ids[:begun] != self.ids:
                    return self.model.read(ids)[0]
                return self.model.read(ids[begun:], copy.deepcopy(self.cache))[0]
            text = text[: len(text) // 2]
        raise UnusableData(_("The text is too long for the language model."), _("Use a shorter one."))


def unloadable(name: str, error: Exception) -> ModelUnavailable:
    """What is said of a folder that can't be read."""
    return ModelUnavailable(
        _("“{model}” could not be loaded as a model that writes: {cause}"),
        _("Leave the model's name empty to use the one that comes with Amalgam."),
        model=clip(name),
        cause=" ".join(str(error).split())[:200] or type(error).__name__,
    )


_LOADING = threading.Lock()


def loaded(
    folder: Path, name: str, revision: str, pairs: bool, number: torch.dtype, n_bytes: float
) -> TransformersModel:
    """The model of a folder, loaded once per process where there is room for weights of this size.

    Raises
    ------
    ModelUnavailable
    """
    with _LOADING:  # two first questions at once would load it twice
        return _loaded(folder, name, revision, pairs, number, n_bytes)


@lru_cache(maxsize=1)
def _loaded(
    folder: Path, name: str, revision: str, pairs: bool, number: torch.dtype, n_bytes: float
) -> TransformersModel:
    memory.check(name, n_bytes)
    return TransformersModel(folder, name, revision, pairs, number)
