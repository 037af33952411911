"""What can be typed after ``python -m core`` (installed: ``amalgam``). Light: asking for help loads nothing heavy."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import core
from core.catalog import TASKS
from core.catalog.text_tasks.every import TEXT_TASKS
from core.cli.addresses import file_or_address, without_secrets

ANY_MODEL = "let the bundle name language models that don't come with Amalgam: folders, or ids on the Hugging Face Hub"


@dataclass(frozen=True)
class Command:
    """One command: what it is for and the function that does it, (options, terminal) → exit code."""

    about: str
    run: str  # "module:function"


FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}  # as shtab names what completes them
COMMANDS: dict[str, Command] = {
    "inspect": Command("say how a file is read and what its columns are", "core.cli.commands.inspecting:inspect"),
    "compare": Command("score candidates on the same folds of a table", "core.cli.commands.training:compare"),
    "fit": Command("fit one candidate on all rows and keep it as a bundle", "core.cli.commands.training:fit"),
    "predict": Command("score a file with a bundle", "core.cli.commands.predict:predict"),
    "explain": Command("open rows of a file into columns and words", "core.cli.commands.explain:explain"),
    "task": Command(
        "do a task on a column of texts, by a language model, classically, or both", "core.cli.commands.task:task"
    ),
    "chat": Command(
        "ask about a table and a run of it; answers come from their numbers", "core.cli.commands.chat:chat"
    ),
    "lm": Command("train language models from scratch, let them write, score them", "core.cli.commands.language:lm"),
    "catalog": Command("list encoders, models and families of candidates", "core.cli.commands.catalog:catalog"),
    "models": Command(
        "list, add or remove language models that write; allow one of another machine",
        "core.cli.commands.models:models",
    ),
    "audit": Command("show what was done on the server: who, what, when, from where", "core.cli.commands.audit:audit"),
    "doctor": Command("say what works on this machine", "core.cli.commands.doctor:doctor"),
}


Kind = TypeVar("Kind", bound=argparse.Action)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat no password, and that says where a file's name is wanted, for shtab."""

    def error(self, message: str) -> NoReturn:
        super().error(without_secrets(message))

    def _add_action(self, action: Kind) -> Kind:  # where groups' arguments come through, too
        if action.type in {Path, file_or_address}:
            vars(action)["complete"] = FILES
        return super()._add_action(action)


def parser() -> Parser:
    """The commands and their flags."""
    top = Parser(
        prog="amalgam" if Path(sys.argv[0]).stem == "amalgam" else "python -m core",
        description="Amalgam without a browser. Exit codes: 0 done, 1 our fault, 2 yours, 130 cancelled.",
    )
    top.add_argument("--version", action="version", version=f"Amalgam {core.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: _command(commands, name, command.about) for name, command in COMMANDS.items()}
    _inspect(made["inspect"])
    _training(made["compare"])
    _compare(made["compare"])
    _training(made["fit"])
    _fit(made["fit"])
    _predict(made["predict"])
    _explain(made["explain"])
    _task(made["task"])
    _chat(made["chat"])
    _language(made["lm"])
    _models(made["models"])
    _audit(made["audit"])
    return top


def _command(commands: argparse._SubParsersAction[Parser], name: str, about: str) -> Parser:
    made: Parser = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    _saying(made, "print a JSON object a line" if name == "audit" else "print one JSON document")
    return made


def _saying(made: Parser, as_json: str) -> None:
    made.add_argument("--json", action="store_true", help=as_json)
    made.add_argument("--quiet", action="store_true", help="say nothing on the way")
    made.add_argument("--verbose", action="store_true", help="show what the libraries log")


def _reading(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--role", action="append", default=[], metavar="COL=ROLE", help="take a column as this")
    add("--roles", type=Path, metavar="FILE", help="roles of columns as JSON, as “inspect --json” prints them")
    add("--merge-spellings", action="append", default=[], metavar="COL", help="High, high and HIGH are one value")
    add(
        *("--sheet", "--table"),
        metavar="NAME",
        help="the sheet of a workbook, or the table of several in a file or a database",
    )
    _query(command)
    add("--header", metavar="ROWS", help="the rows that name the columns: 3, or 3,4, or yes (the first), or none")
    add("--first-row", type=int, metavar="N", help="the first row of the data, counted in the file from 1")
    add("--last-row", type=int, metavar="N", help="the last row of the data")
    add("--encoding", metavar="NAME", help="of the file's characters, such as gb18030 (default: found out)")
    add("--delimiter", metavar="SIGN", help="between values, such as ; or tab, or none (default: found out)")
    add("--quote", metavar="SIGN", help="what stands around texts, or none (default: found out)")
    add("--refuse-bad-lines", action="store_true", help="stop at a line that does not fit, rather than leave it out")
    add(
        "--join",
        action="append",
        default=[],
        type=file_or_address,
        metavar="FILE",
        help="add the columns of a second file",
    )
    add("--on", action="append", default=[], metavar="COL[=COL]", help="the column to join by, here and in that file")
    add("--join-sheet", default="", metavar="NAME", help="the sheet of that file, or the table of several in it")
    add("--fuzzy", type=float, metavar="F", help="let keys match that are at least so similar, such as 0.8")
    add("--ignore-case", action="store_true", help="let keys match whatever their case")
    add(
        "--repeats",
        choices=["refuse", "first", "average"],
        default="refuse",
        help="of several rows with one key in that file: take the first, or count and average them",
    )
    add("--objects", choices=["count", "explode"], help="lists of objects in JSON: how many, or a row for each entry")
    _documents(command)


def _database(command: argparse.ArgumentParser) -> None:
    """What is read of a database, for commands that read a file as it stands."""
    command.add_argument("--table", dest="sheet", metavar="NAME", help="the table of several in a database")
    _query(command)


def _query(command: argparse.ArgumentParser) -> None:
    command.add_argument("--query", metavar="SELECT", help="what to read of a database, such as 'select * from orders'")


def _target(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--target", metavar="COL", help="the column to predict")
    add(
        "--target-as",
        metavar="WAY",
        help="log: by its logarithm; bins:4: as 4 ranges; bins:10,50: as ranges with these borders; label:NAME: "
        "whether a cell of several labels holds this one; plain: as it stands",
    )
    add("--rare", metavar="drop|merge[:NAME]", help="leave rows of rare classes out, or make one class of them")
    add("--rare-below", type=int, metavar="N", help="a class with fewer rows is rare (default 5)")


def _inspect(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "files",
        nargs="+",
        type=file_or_address,
        metavar="FILE",
        help="a table (also by its address), or text files of which each is a class",
    )
    _target(command)
    _reading(command)
    add("--mask", action="append", default=[], metavar="COL", help="put pseudonyms in the place of personal data")


def _told(command: argparse.ArgumentParser) -> None:
    """What a person tells a language model in words, and which one is asked."""
    add = command.add_argument
    add("--describe", action="append", default=[], metavar="CLASS=WORDS", help="what a class means, for zero-shot")
    add("--describe-column", action="append", default=[], metavar="COL=WORDS", help="what a column means")
    add("--questions", type=Path, metavar="FILE", help="questions about each text, one a line, for candidate questions")
    add("--question", action="append", default=[], metavar="TEXT", help="one more such question")
    add(
        "--provider",
        metavar="NAME",
        help="the language model that is asked: bundled, openai, a GGUF file at hand, a folder or an id",
    )
    add(
        "--rule",
        action="append",
        default=[],
        metavar="CLASS=WORDS",
        help="words of a class, with commas, for weak labels",
    )


def _training(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "files",
        nargs="+",
        type=file_or_address,
        metavar="FILE",
        help="a table (also by its address), or text files of which each is a class",
    )
    _target(command)
    add("--task", choices=list(TASKS), help="what kind of answer; guessed from the target")
    add("--plan", type=Path, metavar="FILE", help="every setting as JSON; other flags overrule it")
    add("--dump-plan", action="store_true", help="print the plan and stop")
    _reading(command)
    add("--keep", action="append", default=[], metavar="COL", help="keep a column against the advice")
    add("--drop", action="append", default=[], metavar="COL", help="leave a column out")
    add("--mask", action="append", default=[], metavar="COL", help="put pseudonyms in the place of personal data")
    add("--encoder", action="append", default=[], metavar="COL=NAME", help="encoder of a text column")
    add("--group", metavar="COL", help="rows with the same value stay on one side")
    add("--time", metavar="COL", help="predict later rows from earlier ones")
    add("--split-near-duplicates", action="store_true", help="let rows with nearly the same texts fall on both sides")
    _told(command)
    _sending(command)
    add(
        "--set-aside",
        choices=["exact", "near"],
        help="leave out rows that equal earlier ones but for ids, or nearly do",
    )
    add("--alike", type=float, metavar="F", help="how alike the texts of near ones are, 0.5 to 1 (default 0.9)")
    add("--rows", type=int, metavar="N", help="a random sample of this many rows")
    held_out = command.add_mutually_exclusive_group()
    held_out.add_argument("--folds", type=int, metavar="K", help="this many folds")
    held_out.add_argument("--holdout", type=float, metavar="F", help="hold this share back instead")
    held_out.add_argument("--test", type=file_or_address, metavar="FILE", help="score on the rows of this file instead")
    add("--balanced", action="store_true", help="give rare classes more weight")
    add("--seed", type=int, metavar="N", help="the same seed gives the same result")
    add("--trials", type=int, metavar="N", help="search this many settings in each fold")
    add(
        "--budget",
        type=float,
        metavar="SECONDS",
        help="seconds for all of it; what the question needs is trained in any case",
    )


def _compare(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--candidates", action="append", default=[], metavar="A,B", help="names, such as cooperative:minilm+svm-linear")
    add("--learning-curve", action="store_true", help="score after training on fewer rows, too")
    add("--replay", type=Path, metavar="RUN", help="repeat exactly what a run's folder says it tried")
    add("--out", type=Path, metavar="FOLDER", help="keep the run's files, bundles among them, in this new folder")
    add("--register", action="store_true", help="list table and run in the browser, for whoever gives the code shown")
    add("--name", default="", help="what the run is called there")
    add("--owner", default="", help="list it for this browser at once: the name that Home shows")


def _fit(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--candidate", metavar="NAME", help="a candidate's name (default: auto, the best of several)")
    add("--out", type=Path, metavar="BUNDLE", help="the folder to write, or a file that ends in .zip")
    add("--no-background", action="store_true", help="keep no training rows in the bundle")


def _predict(command: argparse.ArgumentParser) -> None:
    _sending(command)
    command.add_argument("bundle", type=Path, metavar="BUNDLE", help="a bundle's folder or zip")
    command.add_argument("--any-model", action="store_true", help=ANY_MODEL)
    command.add_argument("file", type=file_or_address, metavar="FILE", help="the rows to score")
    _database(command)
    command.add_argument("--out", type=Path, metavar="CSV", help="the file to write (default: standard output)")


def _explain(command: argparse.ArgumentParser) -> None:
    _sending(command)
    add = command.add_argument
    add("bundle", type=Path, metavar="BUNDLE", help="a bundle's folder or zip")
    add("--any-model", action="store_true", help=ANY_MODEL)
    add("file", type=file_or_address, metavar="FILE", help="the rows to explain")
    _database(command)
    add("--rows", default="0:20", metavar="PLACES", help="counted from 0: 3, 3,5 or 0:20 without its end (default)")
    add("--output", choices=["margin", "probability"], default="margin", help="of a class: its log-odds, or this")
    add("--class", dest="label", metavar="NAME", help="the class to explain (default: the one predicted)")
    add("--budget", type=float, metavar="SECONDS", help="sample no longer than this, all rows together")
    add("--texts", type=int, metavar="N", help="masked texts per text at most (default 400)")
    add("--learn", type=int, metavar="N", help="first learn to open texts, from N of the file's and parts of them")
    add("--learned", type=Path, metavar="FOLDER", help="where what is learned is kept, or lies from another time")
    add("--shap", type=Path, metavar="FILE", help="also write the rows as arrays for shap's plots (.npz)")
    add("--check-shap", action="store_true", help="put every row through shap's own explainers, too")
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same result")


def _sending(command: argparse.ArgumentParser) -> None:
    """Consent for one run: a file has no page on which a person could give it."""
    command.add_argument(
        "--send-to",
        default="",
        metavar="HOST",
        help="let this host read the table's texts, where the language model is “openai”",
    )


def _task(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _sending(command)
    add("name", metavar="NAME", help=f"one of: {', '.join(TEXT_TASKS)}")
    add(
        "file",
        type=file_or_address,
        nargs="?",
        metavar="FILE",
        help="a table (default: the sample that comes with the task)",
    )
    _database(command)
    add("--column", metavar="COL", help="the column of texts (default: the one with the longest)")
    add("--reference", metavar="COL", help="the column with right answers, to score against and to learn from")
    add("--documents", metavar="COL|FILE[:COL]", help="what questions are about")
    add(
        "--ways",
        default="",
        metavar="A,B",
        help="llm, classical, both, scratch (default: all the task has but scratch)",
    )
    add("--rows", type=int, metavar="N", help="a random sample of this many rows")
    add("--model", default="", metavar="ID", help="another instruct model: a Hugging Face id or a folder")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the task, such as sentences=3")
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same result")
    add("--out", type=Path, metavar="CSV", help="write the table with a new column for each way")


def _chat(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("file", type=file_or_address, metavar="FILE", help="the table")
    _database(command)
    add("question", metavar="QUESTION", help="in English or Chinese")
    add("--run", type=Path, metavar="FOLDER", help="what “compare --out” made of this table")
    _sending(command)


def _models(command: Parser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    _command(actions, "list", "those that are here, and those that can be fetched")
    add = _command(actions, "add", "fetch a known one, or take in a GGUF file")
    add.add_argument("name", metavar="NAME", help="as “models list” has it, or a file")
    remove = _command(actions, "remove", "delete one that was added")
    remove.add_argument("name", metavar="NAME", help="as “models list” has it")
    allow = _command(actions, "allow", "let the endpoint read the texts of a table that the browser lists")
    allow.add_argument("name", metavar="DATASET", help="its id or its name")
    allow.add_argument(
        "--owner", default="", help="whose it is: the name that Home shows (default: what nobody claimed)"
    )
    allow.add_argument("--take-back", action="store_true", help="let it read them no more")


def _documents(command: argparse.ArgumentParser) -> None:
    """How a plain text is parted into documents."""
    add = command.add_argument
    ways = ["blank-lines", "lines", "paragraphs", "marker"]
    add("--documents", choices=ways, help="what parts the documents of a plain text (default: found out by counts)")
    add("--lines", type=int, default=5, metavar="N", help="of each document, with --documents paragraphs")
    add("--marker", default="", metavar="TEXT", help="how a line above each document begins, with --documents marker")


def _language(command: Parser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    train = _command(actions, "train", "train models on a text and judge them")
    add = train.add_argument
    add("text", metavar="TEXT", help="a plain text file, TABLE:COLUMN, or “bundled”")
    _documents(train)
    add("--models", default="transformer,lstm,ngram", metavar="A,B", help="also: article")
    add("--budget", type=float, default=300.0, metavar="SECONDS", help="of training, for each neural model")
    add("--steps", type=int, metavar="N", help="so many steps in the place of a budget")
    add("--tokenizer", choices=["bpe", "unigram", "characters"], default="bpe", help="how text is cut into tokens")
    add("--vocabulary", type=int, metavar="N", help="how many tokens (default: as many as suit the text)")
    add("--learning-rate", type=float, metavar="X", help="in the place of the models' own")
    add("--find-rate", action="store_true", help="let the learning-rate finder look first")
    add(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help="that share each step, checked first against one",
    )
    add("--texts", type=int, default=48, metavar="N", help="that each model writes to be judged by")
    add("--tune", metavar="MODEL", help="also fine-tune this one (smollm2, a Hugging Face id or a folder) with LoRA")
    add("--tune-steps", type=int, default=60, metavar="N", help="of the fine-tuning")
    add("--out", type=Path, metavar="FOLDER", help="keep the models here; a run that was stopped goes on")
    add("--seed", type=int, default=0, metavar="N", help="the same seed and steps give the same result")
    write = _command(actions, "generate", "let a trained model write")
    add = write.add_argument
    add("folder", type=Path, metavar="FOLDER", help="what “lm train” wrote")
    add("--model", metavar="NAME", help="which of its models (default: the first)")
    add("--prompt", default="", metavar="TEXT", help="what to go on from")
    add("--temperature", type=float, default=0.8, metavar="X", help="0 always takes the likeliest token")
    add("--top-k", type=int, default=0, metavar="K", help="only so many of the likeliest; 0: all")
    add("--top-p", type=float, default=0.95, metavar="P", help="only the likeliest that together reach this")
    add("--min-p", type=float, default=0.0, metavar="P", help="only those at least this share of the likeliest")
    add("--repetition-penalty", type=float, default=1.0, metavar="X", help="1: none")
    add("--tokens", type=int, default=120, metavar="N", help="the longest text")
    add("--n", type=int, default=1, metavar="N", help="so many texts")
    add("--stop", action="append", default=[], metavar="TEXT", help="end where it says this")
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same text")
    score = _command(actions, "evaluate", "score trained models on another text")
    add = score.add_argument
    add("folder", type=Path, metavar="FOLDER", help="what “lm train” wrote")
    add("text", metavar="TEXT", help="a plain text file, TABLE:COLUMN, or “bundled”")
    _documents(score)
    add("--model", metavar="NAME", help="only this one")
    add("--seed", type=int, default=0, metavar="N", help="of the intervals")


def _audit(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--owner", metavar="ID", help="only what this one did, as “Person” on the Admin page begins")
    add("--act", action="append", default=[], metavar="A", help="only such acts: train, download, delete …")
    add("--since", metavar="WHEN", help="only from then on, in UTC: 2026-01-31, 2026-01-31T08:15, or 7d, 12h, 30m ago")
