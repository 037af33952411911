"""What can be typed: light to load, without abbreviations, and known to the shell's completion."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import catalog
from core.cli.addresses import file_or_address
from core.cli.arguments import COMMANDS, FILES, parser


def every(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser and those of its commands."""
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for made in action.choices.values():
                yield from every(made)


def test_the_shell_completes_files_wherever_a_path_is_taken_and_nowhere_else():
    actions = [action for one in every(parser()) for action in one._actions]
    paths = [action for action in actions if action.type in {Path, file_or_address}]
    assert {"files", "out", "test", "bundle"} <= {action.dest for action in paths}  # “test” is one of a group
    assert all(vars(action).get("complete") == FILES for action in paths)
    assert not any("complete" in vars(action) for action in actions if action not in paths)


def test_every_command_leads_to_a_function():
    assert all(callable(catalog.load(command.run)) for command in COMMANDS.values())


def test_every_command_can_be_asked_for_json_and_for_silence():
    for name in COMMANDS:
        (made,) = [one for one in every(parser()) if one.prog.endswith(f" {name}")]
        flags = {flag for one in every(made) for action in one._actions for flag in action.option_strings}
        assert {"--json", "--quiet", "--verbose"} <= flags


def test_a_flag_is_never_guessed_from_its_beginning(capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["predict", "bundle", "file.csv", "--ou", "x.csv"])
    assert ended.value.code == 2
    assert "--ou" in capsys.readouterr().err


def test_help_loads_nothing_heavy():
    program = "import sys; import core.__main__; print([name for name in ('torch', 'sklearn') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=True)
    assert done.stdout.strip() == "[]"
