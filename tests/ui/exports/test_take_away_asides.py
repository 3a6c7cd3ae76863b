"""Charts of what was asked beside the case: those of this case that are whole, and no others."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.experiments.workers import Background
from sim.finance.assumptions import Terms
from sim.finance.chain import Chain, ChainJob, Kind
from sim.finance.portfolio import Bundle, Portfolio, PortfolioJob
from sim.finance.trial import TrialJob, TrialPlan
from tests.ui.case.cases import FIX, TINY, case
from ui.exports.context import asides_ready
from ui.session.case_choice import CaseChoice

FOUND = case([1_000.0 + 100 * future for future in range(32)])
CHOICE = CaseChoice("tiny", TINY, (), (FIX,), Terms())
ASKED = ("tiny", (), CHOICE.terms.model_dump_json())


def done(kind: type[Background], **has: Any) -> Background:
    """A job of that kind as it is when everything of it is done."""
    heir = type(kind.__name__, (kind,), {"finished": True, "error": None, **has})
    job: Background = object.__new__(heir)
    return job


def portfolio() -> Portfolio:
    bundles = (Bundle((), 0.0, (0.0, 0.0)), Bundle((FIX,), 800.0, (900.0, 1_100.0)))
    return Portfolio(FOUND.study, Terms(), (FIX,), bundles, True, ())


def jobs() -> dict[str, tuple[object, Background]]:
    kind = Kind("small", "Small shops", np.full(32, 10.0), FOUND, np.full(32, 0.1))
    weekly = np.random.default_rng(1).normal(100.0, 5.0, (24, 3, 26))
    return {
        "portfolio": (ASKED, done(PortfolioJob, portfolio=portfolio())),
        "trial": ((CHOICE.asked, 5), done(TrialJob, plan=TrialPlan(FOUND, weekly, 1, 0.8))),
        "chain": (CHOICE.asked, done(ChainJob, chain=Chain((kind,)))),
    }


def test_what_was_asked_of_this_case_is_there_with_what_it_shows() -> None:
    found = list(asides_ready(CHOICE, jobs()))
    assert [one.name for one in found] == [
        "What each budget buys at best",
        "Chance that a trial shows the effect",
        "What the stores of each type add",
    ]
    assert found[0].simulated == "4 runs of 12 weeks for each set of fixes"
    for one in found:
        spec, said = one.draw()
        assert spec["data"]["values"]
        assert said
        assert one.link == f"business_case?scenario=tiny&fix={FIX}"


@pytest.mark.parametrize("other", [replace(CHOICE, fixes=()), replace(CHOICE, terms=Terms(tax_rate=0.2))])
def test_what_was_asked_of_another_case_is_not(other: CaseChoice) -> None:
    names = [one.name for one in asides_ready(other, jobs())]
    same_budgets = other.terms == CHOICE.terms
    assert names == (["What each budget buys at best"] if same_budgets else [])


@pytest.mark.parametrize(
    "is_so", [{"finished": False}, {"stopped": True}, {"error": ValueError()}, {"portfolio": None}]
)
def test_what_is_not_whole_is_not(is_so: dict[str, Any]) -> None:
    job = done(PortfolioJob, **{"portfolio": portfolio(), **is_so})
    assert not list(asides_ready(CHOICE, {"portfolio": (ASKED, job)}))
