"""An answer cites the passage that it stands in."""

from __future__ import annotations

from core.results.text_tasks.options import AnswerOptions
from core.text_tasks.answers.answer import classical
from core.text_tasks.base import Tools

LAKE = "Lake Sorrel is fed by seven streams. At its deepest point it measures 212 metres."
RAILWAY = "The Halden line is a railway of 88 kilometres with 23 tunnels. The trains are blue."


def test_the_best_sentence_answers_and_cites_its_passage(tmp_path):
    tools = Tools(tmp_path, None, 1, documents=[LAKE, RAILWAY, "水在一百度沸腾。冰是冷的。"])
    wanted = ["How many tunnels are there?", "水什么时候沸腾？", "zzz"]
    first, chinese, nothing = classical(wanted, AnswerOptions(passages=1), tools)
    assert "23 tunnels" in first.text
    assert [passage.document for passage in first.data.passages if passage.cited] == [1]
    assert chinese.text == "水在一百度沸腾。"
    assert (nothing.text, nothing.data.passages) == ("", [])
