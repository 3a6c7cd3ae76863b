"""One file: its figures are those simulated, its words plain, and nothing in it can break out or be fetched."""

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.experiments.cache import Store
from sim.experiments.estimate import Estimate
from sim.experiments.library import load, names
from sim.experiments.plain import alike
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Effort, compare
from sim.experiments.sensitivity import Doubt, Doubts
from sim.experiments.workers import Workers
from sim.reports.narrative import boardroom_story as words
from sim.reports.one_file import Content, OneFileJob, one_file, plan_of, write_file
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Boardroom, Costs
from sim.scenario.offers import agenda_of
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import MINUS, PLUS, label_of
from sim.scenario.world import world_of
from tests.experiments.doubts_by_hand import LOSS, answered, beyond, guessed
from tests.waiting import PATIENCE

POOL, BREAKS, FIX = "assets.trolleys.pool", "assets.trolleys.breaks", "five_more_trolleys"
NASTY = "</script><script>alert(1)</script><!-- ]]> “&” \u2028 {{data}}"
LINK = "https://ripple.example/boardroom?scenario=tiny"


def shop(**said: Any) -> Scenario:
    """The tiny shop for two weeks, with two sliders."""
    tiny = load("tiny").model_copy(update={"weeks": 2})
    return tiny.model_copy(update={"boardroom": Boardroom(levers=(POOL, BREAKS), fixes=(FIX,)), **said})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


@pytest.fixture(scope="module")
def job(store: Store, workers: Workers) -> OneFileJob:
    job = OneFileJob(shop(), {}, (), 1, store, workers, LINK)
    job.wait(PATIENCE)
    return job


@pytest.fixture(scope="module")
def html(job: OneFileJob) -> str:
    assert job.html
    return job.html


def data_in(html: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


# ---- what it says ----------------------------------------------------------------------------------------------


def test_every_point_holds_the_figures_of_its_simulation(html: str, job: OneFileJob) -> None:
    data, number = data_in(html), "revenue_lost_per_year"
    assert len(data["points"]) == len(data["levers"][0]["grid"]) * len(data["levers"][1]["grid"])
    for at in (0, 17, len(data["points"]) - 1):
        point = job.plan.grid.points[at]
        there = compare(shop(), world_of(shop(), dict(zip((POOL, BREAKS), point, strict=True)), [FIX]), Effort(1, 4))
        change = there.difference(number)
        assert data["points"][at]["change"] == alike([change.mean, change.low, change.high])
        assert data["points"][at]["value"] == alike(there.world.estimate(number).mean)
        lost = there.world.lost("wheel")
        assert data["points"][at]["bars"][0] == pytest.approx([lost.mean, lost.low, lost.high], rel=1e-6)


def test_sliders_stop_at_every_step_and_know_today_the_start_and_the_grid(store: Store, workers: Workers) -> None:
    moved = OneFileJob(shop(), {POOL: 12}, (), 1, store, workers, LINK)
    moved.wait(PATIENCE)
    pool = data_in(moved.html or "")["levers"][0]
    values = [stop[0] for stop in pool["stops"]]
    assert values == [float(value) for value in range(4, 41)]
    assert (values[pool["now"]], values[pool["start"]]) == (9, 12)
    assert {4, 9, 12, 40} <= set(pool["grid"]) <= set(values)
    assert pool["stops"][8] == [12.0, "12 trolleys", "trolleys in the pool at 12 instead of 9"]


def test_what_is_set_as_it_stands_today_is_not_said_to_be_moved() -> None:
    plan = plan_of(
        shop(), {POOL: 9, LOSS: 0.06, "failures.wheel.on": True, "failures.queue.on": False}, (), Effort(1, 4)
    )
    assert plan.asked.sets == plan.asked.held == {"failures.queue.on": False}
    assert words.moves(shop(), plan.asked.held, ()) == ["“A long queue” off"]
    assert len(plan.grid.points) == len(plan_of(shop(), {}, (), Effort(1, 4)).grid.points)


def test_how_long_it_takes_counts_the_worlds_of_the_doubts() -> None:
    effort = Effort(1, 4)
    plan = plan_of(guessed(other=(BREAKS, 0, 0.05)), {}, (FIX,), effort)
    assert len(plan.doubts.worlds) == plan.doubts.most_worlds == 4
    without = replace(plan, doubts=Doubts(shop(), "contribution"))
    share = len(plan.worlds) / len(without.worlds)
    assert plan.seconds(effort) == pytest.approx(share * without.seconds(effort))


def test_sources_costs_stamp_and_doubt_are_there(html: str) -> None:
    data = data_in(html)
    assert data["costs"][0] == "“Five more trolleys”: £750 once and £50 a year."
    assert data["least_sure"] == words.NO_GUESS
    assert ["Simulated", "4 runs of 2 weeks"] in data["stamp"]
    assert ["Made again by", LINK] in data["stamp"]
    assert ["Seed", "1"] in data["stamp"]
    labels = [row[0] for row in data["sources"]]
    assert {"Trolleys in the pool", "Five more trolleys: cost at the start", "Incremental margin"} <= set(labels)


@pytest.mark.parametrize("name", names())
def test_every_scenario_is_told_in_words_without_a_gap(name: str) -> None:
    scenario = load(name)
    agenda = agenda_of(scenario)
    number = words.number_of(scenario, agenda.number)
    said = [
        number.name,
        *words.costs(scenario, agenda.fixes),
        *words.moves(scenario, {}, agenda.fixes),
    ]
    said += [words.moved(scenario, lever.path, float(lever.max)) for lever in agenda.levers]
    assert all(said)
    assert "ontribution" not in " ".join(said)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (Estimate(5, 1, 9), "higher"),
        (Estimate(-5, -9, -1), "lower"),
        (Estimate(5, -1, 9), "unclear"),
        (Estimate(0, 0, 0), "same"),
        (Estimate(None, None, None), "missing"),
        (Estimate(5, None, None), "unclear"),
    ],
)
def test_a_change_is_said_for_what_it_is(change: Estimate, kind: str) -> None:
    assert words.kind(True, change) == kind


def test_the_sentence_names_what_is_done_the_size_and_the_range() -> None:
    there = compare(shop(), world_of(shop(), {POOL: 30}, [FIX]), Effort(1, 4))
    number = words.number_of(shop(), "basket_value")
    done = words.moves(shop(), {POOL: 30}, agenda_of(shop()).fixes)
    said = words.sentence(number, done, there, "basket_value")
    assert said.startswith("With “Five more trolleys” and trolleys in the pool at 30 instead of 9, ")
    assert "basket value" in said and "95% interval" in said
    assert words.sentence(number, [], there, "basket_value").startswith("As it is today, basket value: £")


def test_a_fall_is_said_with_its_ends_from_small_to_large() -> None:
    change = Estimate(-1200.0, -2000.0, -400.0)
    number = words.Number("what is lost", "GBP a year", "GBP")
    figures = words.figures_said(number, "lower", change)
    assert (figures["size"], figures["low"], figures["high"]) == ("£1,200 a year", "£400", "£2,000")
    assert words.figures_said(number, "unclear", Estimate(1.0, -5.0, 7.0))["low"] == f"{MINUS}£5"
    assert words.figures_said(number, "unclear", Estimate(1.0, -5.0, 7.0))["high"] == f"{PLUS}£7"


LEAVE = words.Number("customers who leave in a year", "share of customers", "GBP")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_size_of_a_change_of_a_share_is_in_points_and_never_in_percent(sign: int) -> None:
    ends = sorted((sign * 0.01, sign * 0.03))
    figures = words.figures_said(LEAVE, "higher" if sign > 0 else "lower", Estimate(sign * 0.02, *ends))
    assert (figures["size"], figures["low"], figures["high"]) == ("2.0 points", "1.0 points", "3.0 points")
    apart = words.how_far_apart(LEAVE, doubt(Estimate(sign * 0.02, *ends)))
    assert apart == "The two are 2.0 points apart (95% interval 1.0 points to 3.0 points)."


def test_each_fix_that_is_not_costed_is_named_beside_one_that_is() -> None:
    costed, agenda = shop().fixes[0], agenda_of(shop())
    free = costed.model_copy(update={"label": "Free", "costs": Costs()})
    said = words.costs(shop(), (costed, free))
    assert said == ["“Five more trolleys”: £750 once and £50 a year.", "“Free”: not costed."]
    assert "before these costs" in words.costs_apart(replace(agenda, fixes=(costed, free)), said)[0]
    only = words.costs(shop(), (free,))
    assert only == ["“Free”: not costed."]
    assert words.costs_apart(replace(agenda, fixes=(free,), levers=()), only) == []
    assert words.costs(shop(), ()) == [words.NOT_COSTED]


def doubt(apart: Estimate) -> Doubt:
    said = Quantity(low=4, mode=9, high=40, unit="trolleys", evidence="D", source="a guess")
    return Doubt(POOL, said, Estimate(-900, -1000, -800), Estimate(300, None, None), apart)


def test_the_greatest_doubt_says_where_the_sliders_stand_and_how_sure_each_end_is() -> None:
    number, agenda = words.Number("what is left", "GBP a year", "GBP"), agenda_of(shop())
    said = words.least_sure(shop(), agenda, number, doubt(Estimate(1200, 1000, 1400)), is_change=True)
    assert "With these sliders as they stand today, at the one the change in what is left would be" in said
    assert f"{MINUS}£900 a year (95% interval {MINUS}£1,000 to {MINUS}£800)" in said
    assert f"{PLUS}£300 a year (one run: no interval)" in said
    bare = words.least_sure(shop(), replace(agenda, levers=()), number, doubt(Estimate(1, 1, 1)), is_change=False)
    assert "As things stand today, at the one what is left would be" in bare


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (Estimate(1200, 1000, 1400), "The two are £1,200 a year apart (95% interval £1,000 to £1,400)."),
        (Estimate(-1200, -1400, -1000), "The two are £1,200 a year apart (95% interval £1,000 to £1,400)."),
        (Estimate(1200, -50, 2450), "The two are £1,200 a year apart, which is not distinguishable from luck yet."),
        (Estimate(1200, None, None), "Whether the two differ cannot be told from luck yet: one run has no interval."),
    ],
)
def test_how_far_a_guess_swings_the_answer_is_told_from_luck(apart: Estimate, said: str) -> None:
    assert words.how_far_apart(words.Number("what is left", "GBP a year", "GBP"), doubt(apart)) == said


def test_it_hangs_on_nothing_only_where_every_guess_was_weighed() -> None:
    doubts, agenda = Doubts(guessed(one=(LOSS, 0.05, 0.07), other=(BREAKS, 0, 0.05)), "contribution"), agenda_of(shop())
    still, gone = ([5.0, 6.0], [5.0, 6.0]), ([math.nan, 1.0], [2.0, 3.0])

    def said(**answers: tuple[list[float], list[float]]) -> str:
        return words.least_sure_of(doubts.scenario, agenda, doubts, answered(doubts, **answers))

    name = label_of(doubts.scenario, BREAKS)
    unknown = f"How far the answer hangs on “{name}” could not be weighed: "
    assert said(loss=still, breaks=still) == words.HANGS_ON_NONE
    assert said(loss=still, breaks=gone).startswith(unknown)
    assert said(loss=still).startswith(unknown)
    felt = said(loss=([5.0, 6.0], [7.0, 8.5]), breaks=gone)
    assert felt.startswith(f"“{label_of(doubts.scenario, LOSS)}”") and unknown in felt
    label = label_of(beyond().scenario, LOSS)
    nowhere = words.least_sure_of(beyond().scenario, agenda, beyond(), {})
    assert nowhere.startswith(f"How far the answer hangs on “{label}” could not be weighed: ")


@pytest.mark.long
def test_a_whole_store_fits_into_a_file_with_its_doubt_and_its_cost(workers: Workers, store: Store) -> None:
    trolleys = load("dodgy_trolley").model_copy(update={"weeks": 12})
    job = OneFileJob(trolleys, {}, (), 1, store, workers, LINK)
    job.wait(10 * PATIENCE)
    assert job.html and len(job.html.encode()) < 2_000_000
    data = data_in(job.html)
    assert len(data["levers"]) == 3 and len(data["points"]) >= 4**3
    assert "a guess that nobody has measured" in data["least_sure"]
    assert data["costs"][0].startswith("“Twenty more trolleys”: £3,000 once (a guess: £2,000 to £4,000)")


# ---- what cannot happen ----------------------------------------------------------------------------------------


def test_nothing_is_fetched_and_only_its_own_script_and_style_may_run(html: str) -> None:
    assert len(html.encode()) < 2_000_000
    assert not re.search(r"""(src|href|srcset|action)\s*=\s*["']?\s*(https?:|//|data:|file:)""", html)
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|WebSocket|import\(|innerHTML|eval\(", html)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.attack
def test_nasty_names_stay_data(job: OneFileJob, html: str) -> None:
    nasty = shop(title=NASTY, question=NASTY)
    nasty = nasty.model_copy(update={"levers": tuple(one.model_copy(update={"label": NASTY}) for one in nasty.levers)})
    plan = replace(
        job.plan,
        asked=replace(job.plan.asked, scenario=nasty),
        agenda=agenda_of(nasty),
        grid=replace(job.plan.grid, levers=agenda_of(nasty).levers),
    )
    page = one_file(Content(plan, job.paired, replace(job_origin(job), scenario=NASTY)))
    assert page.count("<script") == html.count("<script") == 2
    assert "alert(1)" in page and "<!-- ]]>" not in page
    data = data_in(page)
    assert (data["title"], data["levers"][0]["label"], data["stamp"][0][1]) == (NASTY, NASTY, NASTY)


def job_origin(job: OneFileJob) -> Any:
    from datetime import datetime

    from sim.reports.origin import origin

    return origin(job.plan.asked.scenario.title, "4 runs of 2 weeks", 1, datetime(2026, 1, 5), LINK)


def test_a_job_that_is_stopped_or_refused_makes_no_file(workers: Workers, tmp_path: Path) -> None:
    job = OneFileJob(shop(), {}, (), 2, Store(tmp_path / "none"), workers, LINK)
    job.stop()
    job.wait(PATIENCE)
    assert job.html is None
    with pytest.raises(TooLargeError):
        OneFileJob(shop(), {}, (), 2, Store(tmp_path / "none"), workers, LINK, Budget(1e-9))
    with pytest.raises(ScenarioError, match="allowed: the path"):
        OneFileJob(shop(), {"nowhere": 1}, (), 2, Store(tmp_path / "none"), workers, LINK)


# ---- on disk ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.txt", "no/page.html", "folder.html"])
def test_a_file_goes_where_it_can_or_nowhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(ScenarioError, match="allowed: a f"):
        write_file("text", tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_file("£", tmp_path / "page.html")
    write_file("££", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "££"
    assert len(list(tmp_path.iterdir())) == 1
