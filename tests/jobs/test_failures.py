"""A failure in words: whose it is, and what to do."""

from __future__ import annotations

import errno

import pytest

from core.jobs.failures import explained, out_of_memory
from core.messages import UnusableData, _


def test_what_was_wrong_with_the_data_is_said_as_its_author_put_it():
    error = UnusableData(_("The table is empty."), _("Add rows."))
    found = explained(error)
    assert (found.code, found.message, found.hint, found.ours) == (error.code, error.message, error.hint, False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_nobodys_fault(number):
    found = explained(OSError(number, "no space"))
    assert (found.code, found.ours) == ("disk_full", False)


def test_too_little_memory_names_the_limit():
    assert explained(MemoryError()).code == "out_of_memory"
    assert out_of_memory(4_000_000_000).message.params == {"limit": 4.0}


@pytest.mark.parametrize("failure", [ZeroDivisionError(), OSError(errno.EACCES, "not allowed"), KeyError("x")])
def test_everything_else_is_our_fault_by_its_name(failure):
    found = explained(failure)
    assert (found.code, found.ours) == ("bug", True)
    assert found.message.params == {"name": type(failure).__name__}
