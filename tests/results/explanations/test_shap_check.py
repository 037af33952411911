"""Our bars beside shap's, judged by numbers worked out by hand: the same, apart by sampling, or apart."""

from __future__ import annotations

import pytest

from core.results.explanations.shap_check import Beside, ShapBars, reasons, sentence, unit_words


def bars(*pairs, explainer="Exact", band=0.0, **more) -> ShapBars:
    beside = [
        Beside(name=f"c{place}", ours=ours, theirs=theirs, band=band) for place, (ours, theirs) in enumerate(pairs)
    ]
    given = {"ours_base": 0.1, "base": 0.1, "ours_output": 0.9, "output": 0.9, "evaluations": 64, "seconds": 1.0}
    return ShapBars(explainer=explainer, bars=beside, **given | more)


@pytest.mark.parametrize(
    ("part", "agreement"),
    [
        (bars((0.5, 0.5004), (0.3, 0.3)), "rounding"),  # a thousandth of the longest bar is 0.0005
        (bars((0.5, 0.5006), (0.3, 0.3)), "apart"),
        (bars((0.5, 0.52), (0.3, 0.3), explainer="Permutation", band=0.03), "sampling"),
        (bars((0.5, 0.54), (0.3, 0.3), explainer="Permutation", band=0.03), "apart"),
        (bars((0.5, 0.3), (0.3, 0.5), explainer="Partition"), "grouping"),
        (bars((0.0, 1e-10), (0.0, 0.0)), "rounding"),  # bars as good as none
    ],
)
def test_two_agree_up_to_rounding_or_to_what_sampling_explains(part, agreement):
    assert part.agreement == agreement


def test_the_largest_difference_stands_beside_the_longest_bar_of_either_side():
    part = bars((0.5, 0.5), (-0.6, -0.8), (0.1, 0.2))
    assert (part.longest, part.worst.name) == (0.8, "c1")
    assert part.share == pytest.approx(0.2 / 0.8)
    assert bars((0.0, 0.0)).share == 0.0


def test_the_bar_that_is_named_is_the_one_that_sampling_explains_least():
    part = bars((0.5, 0.7), (0.3, 0.45), explainer="Permutation")
    part.bars[0].band = 0.19
    assert (part.worst.name, part.furthest.name) == ("c0", "c1")
    assert "“c1” differs by 0.15 (log-odds), 21.4% of the longest bar" in str(sentence(part, "log-odds"))


def test_each_sentence_says_its_number_and_a_sampled_one_its_band():
    assert "largest difference is 0.0004 (probability), 0.08% of" in str(sentence(bars((0.5, 0.5004)), "probability"))
    sampled = bars((0.5, 0.52), explainer="Permutation", band=0.03)
    assert "explains up to 0.03 there" in str(sentence(sampled, "probability"))
    assert "neither of the two is sampled" in str(sentence(bars((0.5, 0.6)), "probability"))
    assert str(unit_words("price")) == "price"


def test_another_base_and_another_output_are_named_only_where_the_two_are_apart():
    both = {"base": 0.2, "output": 0.8}
    told = [str(one) for one in reasons(bars((0.5, 0.6), **both))]
    assert len(told) == 2
    assert "was 0.9 and is 0.8" in told[0]
    assert "0.1 (ours) and 0.2 (shap)" in told[1]
    assert reasons(bars((0.5, 0.5), **both)) == []
    assert reasons(bars((0.5, 0.6), column="text", **both)) == []
    assert reasons(bars((0.5, 0.6))) == []


def test_what_is_exactly_at_a_bound_is_within_it():
    assert bars((1000.0, 999.0)).agreement == "rounding"
    assert bars((1000.0, 995.0), explainer="Permutation", band=4.0).agreement == "sampling"
    assert bars((1000.0, 994.9), explainer="Permutation", band=4.0).agreement == "apart"


def test_bars_as_good_as_none_are_measured_by_the_output():
    """A thousandth of a millionth of the output, or of 1 where that is smaller."""
    for output, agree in ((0.5, 1e-9), (-1000.0, 1e-6)):
        assert bars((0.0, 0.9 * agree), output=output).agreement == "rounding"
        assert bars((1.1 * agree, 0.0), output=output).agreement == "apart"


def test_outputs_a_thousandth_of_the_longest_bar_apart_are_no_reason():
    for ours, n in ((0.9009, 0), (0.9011, 1)):
        assert len(reasons(bars((1.0, 0.5), ours_output=ours))) == n
        assert len(reasons(bars((1.0, 0.5), ours_base=ours, base=0.9))) == n


def test_a_name_is_shown_without_signs_that_can_not_be_and_nothing_is_shared_of_nothing():
    part = bars((0.5, 0.6))
    part.bars[0].name = "a\u200bb" + "c" * 60
    told = str(sentence(part, "log-odds"))
    assert "“abccc" in told
    assert "c" * 41 not in told
    assert "0.00%" in str(sentence(bars((0.0, 0.0)), "probability"))
    assert (part.bars[0].ours_reach, part.bars[0].theirs_reach, part.bars[0].band) == (0, 0, 0)
    assert part.bars[0].difference == pytest.approx(-0.1)
