"""``python -m core``: Amalgam with no browser. Reads what was asked, does it, and ends with an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings

from core import catalog
from core.cli.arguments import COMMANDS, parser
from core.cli.terminal import Terminal, language_of
from core.jobs import limits
from core.jobs.failures import explained
from core.jobs.worker import set_threads
from core.messages import AmalgamError, Cancelled, UnusableData, _

DONE, OUR_FAULT, YOUR_FAULT, CANCELLED = 0, 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Do one command.  →  exit code"""
    language = language_of(os.environ)
    options = parser(language).parse_args(arguments)
    set_threads(limits.slot_threads("heavy"))
    logging.basicConfig(level=logging.INFO if options.verbose else logging.ERROR)
    if not options.verbose:
        warnings.simplefilter("ignore")
    with Terminal(language, json_only=options.json, quiet=options.quiet) as terminal:
        try:
            code: int = catalog.load(COMMANDS[options.command].run)(options, terminal)
            terminal.out.flush()
        except (KeyboardInterrupt, Cancelled):
            terminal.note(_("Cancelled."))
            return CANCELLED
        except BrokenPipeError:
            return DONE
        except AmalgamError as error:
            terminal.problem(error)
            return YOUR_FAULT
        except Exception as failure:  # the last place where a bug can be called one
            return _failed(failure, terminal)
        return code


def _failed(failure: Exception, terminal: Terminal) -> int:
    """Say what stopped the work.  →  exit code"""
    said = explained(failure)
    if said.ours:
        traceback.print_exception(failure)
    hint = said.hint if said.hint and not said.ours else None
    terminal.problem(UnusableData(said.message.id, hint.id if hint else "", **said.message.params))
    return OUR_FAULT if said.ours else YOUR_FAULT


if __name__ == "__main__":
    sys.exit(main())
