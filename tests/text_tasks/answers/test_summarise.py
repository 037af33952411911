"""A written summary keeps what its text supports."""

from __future__ import annotations

from core.text_tasks.answers.summarise import _borne_out, _made_up, _trimmed


def test_a_written_summary_keeps_whole_sentences_with_numbers_of_the_text():
    assert _trimmed("Here it is:\n\nOne came. Two went. Three st", 3, "en") == "One came. Two went."
    kept = _borne_out("The repair costs four million. It takes 12 weeks.", "The repair costs four million and 9 weeks.")
    assert kept.text == "The repair costs four million."
    assert kept.data.note.params == {"n": 1}


def test_what_the_chosen_sentences_do_not_say_gives_way_to_them():
    kept = ["The repair of the bridge costs four million.", "Buses take a detour.", "A ferry runs."]
    made = _made_up("The bridge repair costs four million. Trains are cheaper now.", kept, 2, "en")
    assert made.text == "The bridge repair costs four million. Buses take a detour."
    assert made.data.extra == {"restated": 1, "word for word": 1}
    assert _made_up("", kept, 1, "en").text == kept[0]
