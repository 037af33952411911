"""``python -m core``: Amalgam with no browser. Reads what was asked, does it, and ends with an exit code."""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback
import warnings
from collections.abc import Sequence

from core import catalog
from core.cli import addresses
from core.cli.arguments import COMMANDS, parser
from core.cli.terminal import Terminal, language_of
from core.files import write_privately
from core.jobs import limits
from core.jobs.failures import explained
from core.jobs.worker import set_threads
from core.messages import AmalgamError, Cancelled, UnusableData, _

DONE, OUR_FAULT, YOUR_FAULT, CANCELLED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command.  →  exit code"""
    began = time.monotonic()  # a time budget counts from here, what has to be loaded first included
    options = parser().parse_args(arguments)
    options.began = began
    write_privately()
    for name in ("AMALGAM_ADDRESS", "AMALGAM_HOSTS"):  # nobody listens: a person at this machine may name any folder
        os.environ.pop(name, None)
    set_threads(limits.slot_threads("heavy"))
    logging.basicConfig(level=logging.INFO if options.verbose else logging.ERROR)
    if not options.verbose:
        warnings.simplefilter("ignore")
    try:
        with Terminal(language_of(os.environ), json_only=options.json, quiet=options.quiet) as terminal:
            try:
                with addresses.fetched(options, terminal):
                    return int(catalog.load(COMMANDS[options.command].run)(options, terminal))
            except (KeyboardInterrupt, Cancelled):
                terminal.note(_("This was cancelled."))
                return CANCELLED
            except AmalgamError as error:
                terminal.problem(error)
                return YOUR_FAULT
    except BrokenPipeError:  # whoever reads the result has seen enough
        return DONE
    except Exception as failure:  # the last place where a bug can be called one
        return _failed(failure)


def _failed(failure: Exception) -> int:
    """Say what stopped the work.  →  exit code"""
    said = explained(failure)
    if said.ours:
        traceback.print_exception(failure)
    error = UnusableData(said.message.id, **said.message.params)
    Terminal(language_of(os.environ)).problem(error)
    return OUR_FAULT if said.ours else YOUR_FAULT


if __name__ == "__main__":
    sys.exit(main())
