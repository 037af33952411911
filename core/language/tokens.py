"""Tokenisers trained on the user's own text: byte pairs, unigram, characters. What goes in comes out again.

The alphabet is ASCII and the characters that are frequent in the training text; all others are written as their UTF-8
bytes. So every text of every language can be encoded, and decoding gives back the same text.

References
----------
Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units", ACL 2016 (byte pairs).
Kudo, "Subword regularization", ACL 2018 (unigram).
Radford et al., "Language models are unsupervised multitask learners", 2019 (where texts are cut before pairs are made).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from core.messages import UnreadableFile, UnusableData, _

Kind = Literal["bpe", "unigram", "characters"]
BEGIN = "<s>"
N_BYTES = 256
SMALLEST = N_BYTES + 1  # ASCII, the other bytes, and the beginning of a document
MIN_FREQUENCY = 2
_ASCII = [chr(code) for code in range(128)]
_BYTES_AS_TEXT = [f"<0x{byte:02X}>" for byte in range(N_BYTES)]
_BEYOND_ASCII = _BYTES_AS_TEXT[128:]
# No piece holds letters and marks together, so none of a text's pieces is spelled like "<s>" or like a byte, "<0xE4>".
_CUT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_RARE = "\ue000"  # stands for every rare character in training; belongs to no piece
_SHOWN = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})


class Tokens:
    """A tokeniser: texts to numbers and back.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        One of `train`, or a pretrained model's. Those that write a space as ▁ (Llama's) add one before a text; all
        others give back exactly what they read.
    begin : str
        The token that begins, and so ends, every document.

    Attributes
    ----------
    size : int
        How many different tokens there are.
    begin : int
        The number of the token that begins a document.
    """

    def __init__(self, tokenizer: Tokenizer, begin: str = BEGIN) -> None:
        number = tokenizer.token_to_id(begin)
        if number is None:
            raise UnusableData(_("The tokeniser has no token “{begin}” to begin a document with."), begin=begin)
        tokenizer.encode_special_tokens = True  # "<s>" that a user types is three letters, not the token
        self._tokenizer = tokenizer
        self.begin: int = number
        self.size: int = tokenizer.get_vocab_size()
        self._bytes = _spelled(tokenizer, self.size)
        self._bytes[self.begin] = b""

    @classmethod
    def train(cls, kind: Kind, documents: Sequence[str], vocabulary: int) -> Tokens:
        """Learn a vocabulary from texts. Unigram's comes out a little different each time, the others' do not.

        Parameters
        ----------
        vocabulary : int
            At most so many tokens, of which 257 are taken: ASCII, bytes, and the beginning of a document.

        Raises
        ------
        UnusableData
            The vocabulary has no room for anything but bytes.
        """
        if vocabulary <= SMALLEST:
            raise UnusableData(
                _("A vocabulary of {n} is too small: {smallest} tokens are needed for single bytes alone."),
                _("Take at least {enough}."),
                n=vocabulary,
                smallest=SMALLEST,
                enough=300,
            )
        texts = [_encodable(text) for text in documents]
        room = vocabulary - SMALLEST
        frequent = _frequent(texts, room if kind == "characters" else room // 2)
        if kind == "characters":
            return cls(_of_pairs([BEGIN, *_BEYOND_ASCII, *_ASCII, *frequent], []))
        learned = _learned(kind, texts, [*_ASCII, *frequent], vocabulary - len(_BEYOND_ASCII))
        if kind == "unigram":
            return cls(_of_pieces([(piece, score) for piece, score in learned["vocab"] if _RARE not in piece]))
        pieces = sorted(learned["vocab"], key=learned["vocab"].get)
        return cls(_of_pairs([BEGIN, *_BEYOND_ASCII, *pieces[1:]], [tuple(pair) for pair in learned["merges"]]))

    @classmethod
    def load(cls, path: Path, begin: str = BEGIN) -> Tokens:
        """A tokeniser from ``tokenizer.json``.

        Raises
        ------
        UnreadableFile
            The file is missing or not of that kind.
        """
        try:
            text = path.read_text(encoding="utf-8")
            return cls(Tokenizer.from_str(text), begin)
        except (OSError, UnicodeError) as error:
            raise UnreadableFile(_("The tokeniser “{file}” can't be read."), file=path.name) from error
        except Exception as error:  # the library raises plain Exception on a file it does not know
            if isinstance(error, UnusableData):
                raise
            raise UnreadableFile(_("“{file}” is not a tokeniser."), file=path.name) from error

    def save(self, path: Path) -> None:
        """Write ``tokenizer.json``, which the libraries of Hugging Face read too."""
        path.write_text(self._tokenizer.to_str(), encoding="utf-8")

    def encode(self, text: str) -> np.ndarray:
        """The numbers of a text's tokens, int32, shape (n,), without the beginning of a document."""
        return np.array(self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids, dtype=np.int32)

    def encode_all(self, texts: Iterable[str]) -> list[np.ndarray]:
        """The same for many texts at once, on all threads."""
        found = self._tokenizer.encode_batch_fast([_encodable(text) for text in texts], add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in found]

    def document(self, text: str) -> np.ndarray:
        """The beginning of a document, then its tokens.  →  int32, shape (1 + n,)"""
        return np.concatenate([np.array([self.begin], dtype=np.int32), self.encode(text)])

    def packed(self, texts: Iterable[str]) -> np.ndarray:
        """Documents in one row: ``<s>`` first ``<s>`` second, and ``<s>`` to end the last.  →  int32, shape (n,)"""
        mark = np.array([self.begin], dtype=np.int32)
        parts = [part for ids in self.encode_all(texts) for part in (mark, ids)]
        return np.concatenate([*parts, mark])

    def decode(self, ids: Iterable[int]) -> str:
        """The text again; the beginning of a document is no text. Half a character at the end shows as �."""
        return self.bytes_of(ids).decode("utf-8", errors="replace")

    def bytes_of(self, ids: Iterable[int]) -> bytes:
        """The UTF-8 bytes that tokens stand for: while a text grows, half a character must wait for the rest."""
        return b"".join(self._bytes[token] for token in ids)

    def piece(self, token: int) -> str:
        """A token to be looked at: spaces and line ends made visible, part of a character as its bytes."""
        if token == self.begin:
            return BEGIN
        raw = self._bytes[token]
        try:
            return raw.decode("utf-8").translate(_SHOWN)
        except UnicodeDecodeError:
            return f"⟨{raw.hex(' ').upper()}⟩"


def _frequent(texts: list[str], most: int) -> list[str]:
    """Characters beyond ASCII that are worth a token, the most frequent first."""
    counted = Counter(character for text in texts if not text.isascii() for character in text if character > "\x7f")
    counted.pop(_RARE, None)
    known = [character for character, n in counted.items() if n >= MIN_FREQUENCY]
    return sorted(known, key=lambda character: (-counted[character], character))[:most]


def _learned(kind: Kind, texts: list[str], alphabet: list[str], vocabulary: int) -> dict[str, Any]:
    """What the library's trainer finds: ``vocab`` and, of byte pairs, ``merges``."""
    rare = re.compile(f"[^{re.escape(''.join(alphabet))}]")
    tokenizer = Tokenizer(models.BPE() if kind == "bpe" else models.Unigram())
    tokenizer.pre_tokenizer = _cut()
    shared: dict[str, Any] = {
        "vocab_size": vocabulary,
        "special_tokens": [BEGIN],
        "initial_alphabet": alphabet,
        "show_progress": False,
    }
    trainer = (
        trainers.BpeTrainer(min_frequency=MIN_FREQUENCY, limit_alphabet=len(alphabet), **shared)
        if kind == "bpe"
        else trainers.UnigramTrainer(**shared)
    )
    tokenizer.train_from_iterator([rare.sub(_RARE, text) for text in texts], trainer, length=len(texts))
    return json.loads(tokenizer.to_str())["model"]


def _of_pairs(names: list[str], merges: list[tuple[str, str]]) -> Tokenizer:
    vocabulary = {name: number for number, name in enumerate(names)}
    return _finished(Tokenizer(models.BPE(vocab=vocabulary, merges=merges, byte_fallback=True)))


def _of_pieces(scored: list[tuple[str, float]]) -> Tokenizer:
    """Unigram's pieces with their log-probabilities; a byte is as unlikely as the least likely piece."""
    least = min(score for _piece, score in scored)
    pieces = [scored[0], *((name, least) for name in _BEYOND_ASCII), *scored[1:]]
    return _finished(Tokenizer(models.Unigram(vocab=pieces, unk_id=0, byte_fallback=True)))


def _finished(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.pre_tokenizer = _cut()
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens([BEGIN])
    return tokenizer


def _cut() -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Split(Regex(_CUT), behavior="isolated")


def _encodable(text: str) -> str:
    """A half of a surrogate pair, which no encoding can hold, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")


def _spelled(tokenizer: Tokenizer, size: int) -> list[bytes]:
    """The UTF-8 bytes that each token stands for."""
    names = [tokenizer.id_to_token(token) or "" for token in range(size)]
    if isinstance(tokenizer.decoder, decoders.ByteLevel):
        return [_from_letters(name) for name in names]
    spaced = "▁" in json.dumps(json.loads(tokenizer.to_str())["decoder"], ensure_ascii=False)
    return [
        bytes([_BYTE_NAMES[name]]) if name in _BYTE_NAMES else (name.replace("▁", " ") if spaced else name).encode()
        for name in names
    ]


def _from_letters(name: str) -> bytes:
    """A byte-level token's bytes; an added token that is not written so stands for its own name."""
    try:
        return bytes(_BYTE_OF[letter] for letter in name)
    except KeyError:
        return name.encode()


def _gpt2_bytes() -> dict[str, int]:
    """Which byte a letter of a byte-level token stands for: printable ones themselves, others moved beyond 255."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(N_BYTES) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(N_BYTES + n): byte for n, byte in enumerate(others)}


_BYTE_OF = _gpt2_bytes()
_BYTE_NAMES = {name: byte for byte, name in enumerate(_BYTES_AS_TEXT)}
