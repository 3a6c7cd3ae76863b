import pytest

from sim.experiments.library import load, names
from sim.scenario.fixes import Chain, Change, StoreType
from sim.scenario.journey import Lift, Route, Skill
from sim.scenario.paths import settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of, moved
from sim.scenario.world import restated
from tests.scenario.kiosk import kiosk

ONE = Quantity(mode=0.5)


def bare() -> Scenario:
    """The kiosk without levers, so that labels are made."""
    return kiosk().model_copy(update={"levers": ()})


def test_a_lever_has_said_what_its_quantity_is_called() -> None:
    assert label_of(kiosk(), "assets.carts.pool") == "Carts"
    assert label_of(bare(), "assets.carts.pool") == "Carts: pool"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("economics.incremental_margin", "Incremental margin"),
        ("weather.rain", "Weather rain"),
        ("customers.base", "Customers at week 0"),
        ("customers.leaving.churn_per_year", "Leaving churn per year"),
        ("segments.old.patience_times", "Old: patience times"),
        ("trips.big.share", "Big: share"),
        ("assets.carts.repair.minutes.mean", "Carts: repair minutes"),
        ("journey.till.minutes.mean", "Till: minutes"),
        ("failures.spill.chance", "A spill: chance"),
        ("failures.wobble.responses.swap.loss", "A wobbling cart, Swaps: loss"),
        ("fixes.four_more.costs.once", "Four more carts: cost at the start"),
        ("fixes.four_more.costs.per_year", "Four more carts: cost a year"),
        ("fixes.half_again.costs.per_use", "Half as many again, and two: cost each use"),
    ],
)
def test_others_are_called_by_the_labels_on_the_way_and_the_fields_name(path: str, label: str) -> None:
    assert label_of(bare(), path) == label


def test_what_a_fix_does_says_to_what() -> None:
    assert (
        label_of(kiosk(), "fixes.half_again.changes[0].times")
        == "Half as many again, and two: effect, times, on “Carts”"
    )
    assert label_of(bare(), "fixes.half_again.changes[0].add") == (
        "Half as many again, and two: effect, added, on “Carts: pool”"
    )


def test_a_way_on_says_where_it_leads_when_and_for_whom() -> None:
    assert label_of(bare(), "journey.gate.next[0].share") == "Gate: share to “Shelves”"
    assert label_of(bare(), "journey.till.next[0].share") == "Till: share to “Desk”, reporting"
    *others, desk = bare().journey
    routes = (Route(to="till", segments=("old",)), Route(to="till", trips=("big",)))
    scenario = bare().model_copy(update={"journey": (*others, desk.model_copy(update={"next": routes}))})
    assert label_of(scenario, "journey.desk.next[0].share") == "Desk: share to “Till”, Old"
    assert label_of(scenario, "journey.desk.next[1].share") == "Desk: share to “Till”, Big"


def test_what_a_skill_lifts_says_what_and_where() -> None:
    lifts = tuple(Lift(at=at, rate="failure", log_odds=ONE) for at in ("spill", "till"))
    scenario = bare().model_copy(update={"skills": (Skill(id="care", label="Care", lifts=lifts),)})
    assert label_of(scenario, "skills.care.lifts[0].log_odds") == "Care: log odds on failure at “A spill”"
    assert label_of(scenario, "skills.care.lifts[1].log_odds") == "Care: log odds on failure at “Till”"


def test_stores_of_a_chain_are_called_by_their_type() -> None:
    change = Change(path="customers.base", times=Quantity(mode=2))
    large = StoreType(
        id="large", label="Large", count=Quantity(mode=3), changes=(change,), evidence="D", source="a test"
    )
    scenario = bare().model_copy(update={"chain": Chain(stays=ONE, stores=(large,))})
    labels = [label_of(scenario, path) for path in settables(scenario) if path.startswith("chain.stores")]
    assert labels
    assert all("Large" in label for label in labels)


def test_a_path_that_leads_nowhere_has_no_label() -> None:
    for said in (label_of, lambda scenario, path: moved(scenario, path, 1)):
        with pytest.raises(KeyError):
            said(kiosk(), "assets.carts.pol")


MOVED = {
    "assets.carts.pool": Quantity(mode=9, unit="carts"),
    "assets.carts.repair.minutes.mean": Quantity(mode=240, unit="hours"),
    "failures.spill.chance": Quantity(mode=0.1, unit="share of visits"),
    "weather.rain": Quantity(mode=0, unit="no or yes"),
}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("assets.carts.pool", 1_200, "carts: pool at 1,200 instead of 9"),
        ("assets.carts.repair.minutes.mean", 12.5, "carts: repair minutes at 12.5 hours instead of 240"),
        ("failures.spill.chance", 0.25, "a spill: chance at 25.0% instead of 10.0%"),
        ("weather.rain", 1, "“Weather rain” on"),
        ("weather.rain", 0.5, "weather rain at 0.5 instead of no"),
        ("failures.spill.on", False, "“A spill” off"),
        ("failures.spill.reported", True, "“A spill: reported” on"),
    ],
)
def test_what_stands_elsewhere_says_where_and_where_it_stood(path: str, value: float, said: str) -> None:
    assert moved(restated(bare(), MOVED), path, value) == said


@pytest.mark.parametrize("name", names())
def test_every_quantity_of_every_shipped_scenario_has_a_label_of_its_own(name: str) -> None:
    scenario = load(name)
    labels = [label_of(scenario, path) for path, said in settables(scenario).items() if isinstance(said, Quantity)]
    assert all(label[0] == label[0].upper() and "_" not in label and "[" not in label for label in labels)
    assert len(set(labels)) == len(labels)
