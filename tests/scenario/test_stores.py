import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import store_of, world_of
from tests.scenario.kiosk import KIOSK, faults_in, kiosk, line_of, refusal

CHAIN = """
chain:
  stays: {low: 0.05, mode: 0.15, high: 0.35, evidence: D, source: a guess}
  stores:
    - {id: usual, label: Kiosks, count: {mode: 30, evidence: D}, evidence: D, source: counted on a map}
    - id: stand
      label: Market stands
      count: 12
      opening: {monday: "10:00-12:00"}
      changes: [{path: customers.base, times: 0.5}, {path: assets.carts.pool, add: -4}]
      evidence: D
      source: a guess
"""
PROFILE = f"""profile: {{monday: {[1] * 24}, friday: {[0] * 12 + [1] * 12}}}"""
POOL = "assets.carts.pool"


def chained(*changes: tuple[str, str]) -> str:
    """The kiosk's text with a chain at its end and these snippets replaced."""
    text = KIOSK + CHAIN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def chain(*changes: tuple[str, str]) -> Scenario:
    return parse_scenario(chained(*changes), "kiosk.yaml")


def test_a_type_without_changes_is_the_store_described() -> None:
    assert store_of(chain(), "usual") == chain()


def test_a_store_differs_as_its_type_says_and_in_nothing_else() -> None:
    before, after = chain(), store_of(chain(), "stand")
    was, now = dict(settable(before)), dict(settable(after))
    assert {path for path in was if was[path] != now[path]} == {"customers.base", POOL}
    assert quantity_at(after, "customers.base").value == 25
    assert quantity_at(after, POOL) == Quantity(
        low=4, mode=6, high=8, unit="carts", evidence="D", source="counted by eye; then Market stands: a guess"
    )
    unlike = {name for name, value in after if value != getattr(before, name)}
    assert unlike == {"customers", "assets", "calendar"}


def test_its_own_hours_replace_the_calendars_and_the_rest_of_the_calendar_stays() -> None:
    before, after = chain().calendar, store_of(chain(), "stand").calendar
    assert after.opening.monday == "10:00-12:00"
    assert after.opening.friday is None
    assert after.model_copy(update={"opening": before.opening}) == before


def test_weights_of_weekdays_on_which_it_is_closed_are_left_out() -> None:
    store = store_of(chain(('closed: ["12-25"]', PROFILE)), "stand")
    assert store.calendar.profile is not None
    assert store.calendar.profile.monday == (1,) * 24
    assert store.calendar.profile.friday is None


def test_changes_of_a_store_move_what_follows_a_policy() -> None:
    policy = """policies:
  - id: care
    label: Care
    help: Takes time.
    value: {mode: 0.5, unit: share}
    moves: [{path: assets.carts.breaks, through: [[0, 0.02], [1, 0]], evidence: D, source: a guess}]
"""
    store = store_of(
        chain(("levers:\n", policy + "levers:\n"), (f"path: {POOL}, add: -4", "path: policies.care.value, set: 1")),
        "stand",
    )
    assert store.assets[0].breaks.value == 0


def test_what_is_set_is_set_before_and_fixes_follow_after() -> None:
    world = world_of(chain(), {POOL: 20, "fixes.four_more.changes[0].add": 5})
    store = world_of(store_of(world, "stand"), fixes=["four_more"])
    assert quantity_at(store, POOL).value == 20 - 4 + 5


def test_a_store_may_have_its_own_size_and_price_of_a_fix() -> None:
    sized = '{path: "fixes.four_more.changes[0].add", times: 0.5}, {path: fixes.four_more.costs.once, times: 0.5}'
    store = store_of(chain((f"{{path: {POOL}, add: -4}}", sized)), "stand")
    assert quantity_at(store, "fixes.four_more.costs.once").value == 50
    assert quantity_at(world_of(store, fixes=["four_more"]), POOL).value == 12


def test_a_store_that_cannot_be_is_refused_by_its_name() -> None:
    with pytest.raises(ScenarioError) as error:
        store_of(world_of(chain(), {"customers.base": 51}), "stand")
    said = "customers.base: found 25.5; allowed: a whole number from 0 to 10000000"
    assert refusal(error) == f"chain.stores.stand: {said}"


@pytest.mark.parametrize(
    ("scenario", "known"), [(chain(), "usual, stand"), (kiosk(), "none, the scenario has no chain")]
)
def test_an_unknown_type_is_answered_with_those_there_are(scenario: Scenario, known: str) -> None:
    with pytest.raises(ScenarioError) as error:
        store_of(scenario, "stall")
    assert refusal(error) == f'chain: stores: found "stall"; allowed: {known}'


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        (
            f"path: {POOL}, add: -4",
            "path: assets.cart.pool, add: -4",
            "chain.stores.stand",
            f'assets.cart.pool: found "assets.cart.pool"; allowed: the path of a quantity or switch; '
            f'did you mean "{POOL}"?',
        ),
        (
            f"path: {POOL}, add: -4",
            f"path: {POOL}, times: 0.75",
            "chain.stores.stand",
            f"{POOL}: found 7.5; allowed: a whole number from 0 to 100000",
        ),
        (
            f"path: {POOL}, add: -4",
            f"path: {POOL}",
            "chain.stores.stand.changes[1]",
            "changes nothing; allowed: set, times or add",
        ),
        (
            f"path: {POOL}, add: -4",
            "path: chain.stays, times: 0.5",
            "chain.stores.stand.changes[1].path",
            'found "chain.stays"; allowed: one of a store',
        ),
        (
            f"path: {POOL}, add: -4",
            "path: segments.old.share, set: 0.3",
            "chain.stores.stand",
            "segments: shares sum to 0.9; allowed: a sum of 1",
        ),
        (
            f"path: {POOL}, add: -4",
            'path: "fixes.half_again.changes[0].add", add: 1.5',
            "chain.stores.stand",
            f"with half_again: {POOL}: found 15.5; allowed: a whole number from 0 to 100000",
        ),
        (
            'opening: {monday: "10:00-12:00"}',
            "opening: {}",
            "chain.stores.stand",
            "calendar: opening: found no day; allowed: at least one weekday with opening hours",
        ),
        ("id: stand", "id: usual", "chain.stores.usual.id", 'found "usual" 2 times; allowed: each id once'),
        ("count: 12", "count: 1.5", "chain.stores.stand.count", "found 1.5; allowed: a whole number from 1 to 100000"),
        ("count: 12", "count: 0", "chain.stores.stand.count", "found 0; allowed: a whole number from 1 to 100000"),
        ("high: 0.35", "high: 1.35", "chain.stays", "found 1.35; allowed: a number from 0 to 1"),
        ("on a map}", "on a map, acres: 2}", "chain.stores.usual.acres", 'unknown key "acres"; known keys: id, label'),
    ],
)
def test_what_is_wrong_with_a_chain_is_said_where_it_stands(old: str, new: str, path: str, said: str) -> None:
    faults = [fault.split(": ", 1)[1] for fault in faults_in(chained((old, new)))]
    assert any(fault.startswith(f"{path}: {said}") for fault in faults), faults


def test_a_type_at_fault_is_named_with_its_line() -> None:
    text = chained((f"path: {POOL}, add: -4", f"path: {POOL}, add: -40"))
    (fault, *_) = faults_in(text)
    assert fault.startswith(f"kiosk.yaml:{line_of(text, '- id: stand')}: chain.stores.stand: {POOL}: found -3")


def test_a_chain_has_stores() -> None:
    text = KIOSK + "chain: {stays: 0.1, stores: []}\n"
    (fault,) = faults_in(text)
    assert fault.endswith("chain.stores: found a list (length 0); allowed: length 1 or more")
    (fault,) = faults_in(KIOSK + "chain: {stays: 0.1}\n")
    assert fault.endswith("chain: missing; needed: stores")


def test_hours_in_which_nobody_would_come_are_refused() -> None:
    text = chained(('closed: ["12-25"]', PROFILE), ('{monday: "10:00-12:00"}', '{friday: "10:00-12:00"}'))
    (fault,) = faults_in(text)
    assert "chain.stores.stand: calendar: profile: found only zeros while open" in fault
    closed = chained(('closed: ["12-25"]', PROFILE), ('{monday: "10:00-12:00"}', '{sunday: "10:00-12:00"}'))
    assert "profile: allowed: weights for exactly the weekdays that open" in faults_in(closed)[0]


def test_a_fix_at_fault_is_not_said_again_of_every_store() -> None:
    faults = faults_in(chained(("carts.pool, add: 4}", "carts.pol, add: 4}")))
    assert [fault.split(": ")[1] for fault in faults] == ["fixes.four_more.changes"]


@given(st.integers(0, 500), st.sampled_from(["four_more", "exactly_twenty", "exactly_thirty"]))
def test_every_store_is_the_world_of_its_changes_whatever_was_set(half: int, fix: str) -> None:
    world = world_of(chain(), {"customers.base": 2 * half})
    store = store_of(world, "stand")
    assert store.customers.base.value == half
    assert world_of(store, fixes=[fix]).calendar == store.calendar
    assert world_of(store, fixes=[fix]).fixes == world.fixes
