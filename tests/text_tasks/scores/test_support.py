"""A sentence counts as supported only if one sentence of the sources says it."""

from __future__ import annotations

from core.text_tasks.scores.support import best_passage, share

LAKE = "Lake Sorrel is fed by seven streams. At its deepest point it measures 212 metres."
RAILWAY = "The Halden line is a railway of 88 kilometres with 23 tunnels. The trains are blue."


def test_only_what_one_sentence_says_is_borne_out():
    assert share("It is 212 metres deep.", LAKE, "How deep is Lake Sorrel?") == 1
    assert share("It is 211 metres deep.", LAKE, "How deep is Lake Sorrel?") == 0
    assert share("The Halden line has 23 tunnels.", RAILWAY, "How many tunnels has the Halden line?") == 1
    assert share("The Halden line has tunnels.", RAILWAY, "How many tunnels has the Halden line?") == 0  # nothing new
    assert share("23 tunnels", RAILWAY, "How long is the line?") == 1
    assert share("88 tunnels", RAILWAY, "How long is the line?") == 0  # 88 counts kilometres
    assert share("The trains are not blue.", RAILWAY, "Which colour?") == 0
    assert share("A railway of blue trains", RAILWAY, "What is it?") < 0.8  # of two sentences
    assert best_passage("The trains are blue.", [LAKE, RAILWAY], "Which colour?") == (1, True)
    assert best_passage("Green.", [LAKE, RAILWAY], "Which colour?") == (None, False)
