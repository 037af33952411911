"""Who a language model is measured against."""

from __future__ import annotations

from core.evaluate.verdict.rival import rival
from core.evaluate.verdict.verdict import verdict
from core.messages import say
from core.results.comparison import CandidateResult, Comparison, Interval


def line(name, score, **more):
    interval = Interval(mean=score, low=score - 0.01, high=score + 0.01)
    mode = name.split(":")[0].split("+")[0].split("@")[0]
    encoder = name.split(":")[1].split("+")[0] if ":" in name else more.pop("encoder", "")
    return CandidateResult(name=name, mode=mode, encoder=encoder, status="ok", scores={"accuracy": interval}, **more)


def comparison(*lines, metric="accuracy"):
    return Comparison(
        task="binary", target="y", metric=metric, n_rows=500, folds=5, seed=0, candidates=list(lines)
    )  # fmt: skip


LLM = line("cooperative", 0.71, encoder="minilm")


def name_of(found):
    return None if found is None else found.name


def test_whatever_joins_texts_and_columns_gets_no_credit_for_joining_them():
    halves = comparison(line("columns", 0.56), line("text-tfidf", 0.54), LLM)
    assert rival(halves, LLM) is None
    whole = comparison(line("columns", 0.56), line("text-tfidf", 0.54), line("classical", 0.70), LLM)
    assert name_of(rival(whole, LLM)) == "classical"


def test_the_best_rival_is_taken_linear_or_boosted_or_by_word_counts_in_a_fusion():
    lines = [line("classical", 0.70), line("classical+boosting", 0.72), line("cooperative:tfidf", 0.69), LLM]
    assert name_of(rival(comparison(*lines), LLM)) == "classical+boosting"
    lines[2] = line("cooperative:tfidf", 0.73)
    assert name_of(rival(comparison(*lines), LLM)) == "cooperative:tfidf"


def test_half_the_table_may_win_once_the_whole_was_tried():
    lines = [line("columns+boosting", 0.8), line("classical", 0.7), LLM]
    assert name_of(rival(comparison(*lines), LLM)) == "columns+boosting"


def test_a_model_of_texts_alone_is_measured_against_the_best_there_is():
    llm = line("text-llm", 0.72, encoder="minilm")
    lines = [line("text-tfidf", 0.6), line("classical", 0.75), LLM, llm]
    assert name_of(rival(comparison(*lines), llm)) == "classical"
    assert verdict(comparison(line("dummy", 0.1), *lines)).code != "worth_it"  # nothing with a language model is best
    assert name_of(rival(comparison(lines[0], llm), llm)) == "text-tfidf"  # it sees all that this one sees
    assert rival(comparison(line("columns", 0.65), llm), llm) is None


def test_where_there_are_only_texts_word_counts_see_all_there_is():
    words = line("text-tfidf", 0.7, sees="all")
    assert name_of(rival(comparison(words, LLM), LLM)) == "text-tfidf"


def test_neither_guessing_nor_an_automatic_choice_is_a_rival():
    lines = [line("dummy", 0.9), line("auto", 0.9), line("classical", 0.6), LLM]
    assert name_of(rival(comparison(*lines), LLM)) == "classical"


def test_lower_is_better_where_lower_is_better():
    def loss(name, value, **more):
        one = line(name, value, **more)
        return one.model_copy(update={"scores": {"log_loss": one.scores["accuracy"]}})

    llm = loss("cooperative", 0.4, encoder="minilm")
    lines = [loss("classical", 0.5), loss("classical+boosting", 0.45), llm]
    assert name_of(rival(comparison(*lines, metric="log_loss"), llm)) == "classical+boosting"


def test_an_encoder_that_counts_words_is_no_language_model_also_where_two_columns_are_read_in_two_ways():
    mixed = line("cooperative", 0.7, encoder="tfidf, tfidf-svd")
    assert name_of(rival(comparison(mixed, LLM), LLM)) == "cooperative"
    half = line("cooperative", 0.7, encoder="minilm, tfidf")
    assert rival(comparison(half, LLM), LLM) is None


def test_without_a_fair_rival_there_is_no_verdict_but_what_to_train():
    found = verdict(comparison(line("dummy", 0.1), line("columns", 0.56), line("text-tfidf", 0.54), LLM))
    assert found.code == "no_rival"
    assert "Train one beside it: “Classical, no LLM”" in str(found.text)
    assert found.llm == "cooperative"


def left_out(name, **more):
    return CandidateResult(
        name=name, mode=name.split("+")[0], status="cancelled", reason=say("no time"), encoder="minilm", **more
    )


def test_a_verdict_names_what_was_left_out_and_could_change_it():
    close = [line("dummy", 0.1), line("classical", 0.70), LLM, left_out("cooperative-tuned")]
    found = verdict(comparison(*close))
    assert found.code == "too_close"
    assert found.left_out == ["cooperative-tuned"]
    assert "Left out for lack of time, and able to change this: Cooperative, tuned" in str(found.text)


def test_a_better_language_model_can_not_take_back_that_one_was_worth_it_but_a_better_rival_can():
    clear = [line("dummy", 0.1), line("classical", 0.5), LLM, left_out("cooperative-tuned")]
    assert verdict(comparison(*clear)).code == "worth_it"
    assert verdict(comparison(*clear)).left_out == []
    found = verdict(comparison(*clear, left_out("classical+boosting").model_copy(update={"encoder": ""})))
    assert found.left_out == ["classical+boosting"]


def test_a_verdict_names_what_a_person_stopped_before_it_was_trained():
    stopped = left_out("cooperative-tuned").model_copy(update={"reason": None})
    found = verdict(comparison(line("dummy", 0.1), line("classical", 0.70), LLM, stopped))
    assert found.left_out == ["cooperative-tuned"]
    assert "Stopped before they were trained, and able to change this: Cooperative, tuned" in str(found.text)
