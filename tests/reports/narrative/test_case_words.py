from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.finance.assumptions import Terms
from sim.finance.case import DOTS, Case
from sim.finance.report import breaks_even_at
from sim.finance.sensitivity import Side
from sim.reports.narrative.case_story import advice, headline, notes, years
from tests.finance.shops import DRAWS, LOSS, MARGIN, ONCE, PER_YEAR, POOL, TROLLEYS, case_in, quick, tiny


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_in(tmp_path_factory.mktemp("case"), quick())


def told(case: Case, **known: object) -> Case:
    """The same case with some of its figures given."""
    other = replace(case)
    vars(other).update(known)
    return other


def side(path: str, break_even: float | None, swing: float = 100) -> Side:
    return Side(path, 0, 1, 0, swing, break_even)


def worth(case: Case, evpi: float | None, evppi: Mapping[str, float]) -> Case:
    class Told(Case):
        @property
        def evpi(self) -> float | None:
            return evpi

    parts = {name: getattr(case, name) for name in ("study", "fixes", "terms", "values", "twins", "again", "sides")}
    return told(Told(**parts), evppi=dict(evppi))


def test_the_headline_says_cost_return_horizon_futures_and_break_even(case: Case) -> None:
    said = headline(replace(case, sides=(side(LOSS, 0.054),)))
    back = f"£{case.benefit:,.0f}"
    assert said == (
        f"For £{case.year_one_cost:,.0f} in year one this returns {back} of contribution over three years; "
        f"{case.dots_paying_back} of {DOTS} futures pay back; "
        "break-even where “A bad wheel, Perseveres: loss” is 0.054 units."
    )


def test_a_loss_is_said_as_one(case: Case) -> None:
    swapped = replace(
        case, twins=replace(case.twins, now=case.twins.then, then=replace(case.twins.now, uses=case.twins.then.uses))
    )
    assert f"this loses £{case.benefit:,.0f} of contribution" in headline(swapped)


def test_the_break_even_named_is_that_of_the_widest_swing_that_has_one(case: Case) -> None:
    sides = (side(MARGIN, 0.2, 100), side(LOSS, 0.05, 300), side(ONCE, None, 900))
    assert "break-even where “A bad wheel, Perseveres: loss”" in headline(replace(case, sides=sides))


def test_levers_without_a_range_are_not_in_the_headline(case: Case) -> None:
    assert "break-even" not in headline(replace(case, sides=(side(POOL, 9),)))


@pytest.mark.parametrize(("times", "does"), [(0, "makes it pay"), (100, "brings it to nothing")])
def test_where_nothing_crosses_the_headline_says_which_way(case: Case, times: float, does: str) -> None:
    cash = replace(case.cash, benefit=times * np.abs(case.cash.benefit))
    other = told(replace(case, sides=(side(LOSS, None),)), cash=cash)
    assert headline(other).endswith(f"no single assumption, within its range, {does}.")


def test_until_quantities_were_moved_the_headline_says_nothing_of_break_even(case: Case) -> None:
    assert headline(replace(case, sides=())).endswith("futures pay back.")


def test_a_break_even_has_its_unit_and_three_digits_or_is_said_to_be_missing(case: Case) -> None:
    assert breaks_even_at(case, side(LOSS, 0.0543219)) == "0.0543 units"
    assert breaks_even_at(case, side(LOSS, None)) == "no value in its range"
    shares = replace(case, study=replace(case.study, scenario=tiny({})))
    assert breaks_even_at(shares, side(MARGIN, 0.2805)) == "28.1%"  # a share is said in percent


@pytest.mark.parametrize(("count", "said"), [(1, "one year"), (3, "three years"), (10, "ten years")])
def test_years_are_counted_in_words(count: int, said: str) -> None:
    assert years(count) == said


def test_what_to_find_out_first_is_named_with_what_it_is_worth(case: Case) -> None:
    assert advice(worth(case, 500, {LOSS: 465.4, MARGIN: 20})) == (
        "Find out “A bad wheel, Perseveres: loss” first: worth up to £465 a site to know before deciding. "
        "Knowing everything would be worth up to £500."
    )


def test_where_no_one_thing_is_worth_much_it_says_so(case: Case) -> None:
    assert advice(worth(case, 500, {LOSS: 4})).startswith("No single assumption is worth finding out on its own")
    assert "up to £500 a site" in advice(worth(case, 500, {}))
    assert advice(worth(case, 0.2, {LOSS: 0.2})).startswith("Nothing needs finding out first")
    assert advice(worth(case, 0, {LOSS: 0})).startswith("Nothing needs finding out first")


def test_until_luck_is_known_there_is_no_advice(case: Case) -> None:
    assert "will be known when luck can be told from ignorance" in advice(replace(case, again=None))
    assert "How much of the spread is luck is not known yet." in notes(replace(case, again=None))


def test_notes_tell_luck_from_inputs_and_how_much_is_guessed(case: Case) -> None:
    noise, inputs = case.spread.run_noise_sd, case.spread.input_sd
    said = list(notes(case))
    assert (
        f"vary by £{inputs:,.0f} (standard deviation); luck alone, with the same inputs, by £{noise:,.0f}." in said[0]
    )
    guesses = sum(one.evidence == "D" for one in case.assumptions)
    silent = sum(one.evidence is None for one in case.assumptions)
    assert said[1] == (
        f"{guesses} of the {len(case.assumptions)} quantities it rests on are guesses nobody has measured (grade D); "
        f"{silent} do not say where they come from."
    )


def test_notes_say_what_was_not_simulated(case: Case) -> None:
    said = list(notes(case))
    assert "3 weeks simulated, reckoned as one year of 52 at the same pace." in said
    assert "One year simulated; every later year repeats the last of them." in said
    assert not any("repeats" in note for note in notes(replace(case, terms=Terms(horizon_years=1))))
    whole = replace(case, study=replace(case.study, scenario=tiny(weeks=104)))
    assert not any("weeks simulated" in note for note in notes(whole))


def test_notes_say_how_it_was_reckoned(case: Case) -> None:
    plain = list(notes(case))
    assert "Before tax." in plain
    assert any(note.startswith("No optimism-bias or risk adjustment") for note in plain)
    assert plain[-1].startswith("One site. A chain is worked out from its mix of sites")
    adjusted = list(notes(replace(case, terms=Terms(tax_rate=0.2, cost_uplift=0.1))))
    assert "Before tax." not in adjusted
    assert not any(note.startswith("No optimism-bias") for note in adjusted)


def test_notes_say_when_a_years_cash_counts_and_how_a_customers_worth_is_counted(case: Case) -> None:
    middle = replace(case, terms=Terms(mid_year=True))
    for one, when in ((case, "at the end of the year"), (middle, "in the middle of the year")):
        (said,) = (note for note in notes(one) if "cash counts" in note)
        assert when in said
        assert "lifetime value" in said
        assert "week by week" in said


def test_notes_say_why_there_is_no_rate_of_return(tmp_path: Path) -> None:
    hopeless = case_in(tmp_path, quick({PER_YEAR: quick().fixes[0].costs.per_year.model_copy(update={"mode": 9_000})}))
    assert any(note.startswith("Internal rate of return: never") for note in notes(hopeless))
    assert (hopeless.payback_years, hopeless.futures, hopeless.fixes) == (None, DRAWS, (TROLLEYS,))
