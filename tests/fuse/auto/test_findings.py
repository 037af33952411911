"""What the automatic choice says of itself has its numbers right, and calls nothing better than it is."""

from __future__ import annotations

from core.fuse.auto.findings import choice, not_in_time, on_a_part, too_short


def test_one_of_one_and_one_of_several():
    assert str(choice(1, 3, {"columns": 1.0}, "accuracy", {})) == (
        "Of 1 candidate, screened on 3 inner folds, “columns” was chosen."
    )
    assert "Of 4 candidates, screened on 1 inner fold, " in str(choice(4, 1, {"columns": 1.0}, "accuracy", {}))


def test_a_mixture_says_its_weights_and_both_scores():
    measured = {"single": "columns", "single_score": 0.9, "single_error": 0.2, "score": 0.9, "error": 0.15, "rows": 200}
    said = str(choice(5, 5, {"columns": 0.75, "text-tfidf": 0.25}, "accuracy", measured))
    assert "a mixture was chosen: columns 75%, text-tfidf 25%. On 200 rows" in said
    assert "accuracy was 0.900; that of the best alone, “columns”, 0.900" in said
    assert "less than" not in said


def test_a_mixture_that_scores_less_is_not_called_as_good():
    measured = {
        **{"single": "columns", "single_score": 0.9, "single_error": 0.2, "score": 0.895, "error": 0.15},
        "rows": 200,
    }
    said = str(choice(5, 5, {"columns": 0.5, "text-tfidf": 0.5}, "accuracy", measured))
    assert "was 0.895, less than that of the best alone, “columns”, 0.900" in said
    assert "0.15 against 0.2" in said


def test_what_there_was_no_time_for_is_named_once():
    assert not_in_time({}, []) == []
    encoder, names = (str(one) for one in not_in_time({"minilm": 1234.4}, ["cooperative", "joint"]))
    assert "would take about 1,234 s, so nothing was tried with it" in encoder
    assert names == "Left out for lack of time: cooperative, joint."
    assert "takes about 12 s, and 3 s were left" in str(too_short("columns", 12.2, 3.4))


def test_why_the_model_of_a_fold_is_kept():
    late, lost = (str(one) for one in on_a_part(["a", "b"], 0.9, {"b": "It ran out of memory."}))
    assert late == "There was no time to train “a” again on all rows; what is kept was trained on 90% of them."
    assert lost.startswith("“b” could not be trained on all rows (It ran out of memory.); what is kept was trained on")
