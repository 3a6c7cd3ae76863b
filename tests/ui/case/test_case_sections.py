"""The sections beside the case, asked for with a button: which fixes a budget buys, a trial, the whole chain."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.waiting import PATIENCE, run_until


def page() -> None:
    from typing import Any, cast

    import streamlit as st

    from sim.experiments.cache import Store
    from sim.finance.assumptions import Terms
    from sim.finance.case import make_case
    from sim.finance.study import Study
    from sim.scenario.fixes import Chain
    from tests.ui.case.cases import FIX, ranged
    from ui.case.beside import trial, which_wheels, whole_chain
    from ui.session.case import Asides
    from ui.session.case_choice import CaseChoice

    def kind(name: str, count: int, **more: Any) -> dict[str, Any]:
        return {"id": name, "label": name.title(), "count": count, "evidence": "D", "source": "a guess"} | more

    if "asides" not in st.session_state:
        fix = ranged().fixes[0]
        other = fix.model_copy(update={"id": "other", "label": "As many again"})
        smaller = kind("small", 3, changes=[{"path": "customers.base", "times": 0.5}])
        chain = Chain.model_validate({"stays": 0.1, "stores": [kind("large", 2), smaller]})
        scenario = ranged().model_copy(update={"fixes": (fix, other), "chain": chain, "weeks": 4})
        study = Study(scenario, 1, st.cache_resource(Store)())
        st.session_state["case"] = make_case(study, (FIX,), Terms(), 32)
        st.session_state["asides"] = Asides()
    case, asides = st.session_state["case"], cast(Asides, st.session_state["asides"])
    choice = CaseChoice("tiny", case.study.scenario, (), (FIX,), Terms(), 1_000.0)
    which_wheels(choice, case.study, asides)
    trial(choice, case, True, asides)
    whole_chain(choice, case.study, asides)


def text(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.error)).replace("\\", "")


def button(app: AppTest, label: str) -> Any:
    return next((one for one in app.button if one.label == label), None)


def until(app: AppTest, come: Callable[[], Any]) -> AppTest:
    return run_until(app, come, lambda: text(app))


def test_each_says_its_price_and_answers_when_asked(monkeypatch: Any) -> None:
    monkeypatch.setenv("RIPPLE_NO_CACHE", "1")
    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert not app.exception
    assert "Simulates every set of the 2 fixes: 4 of them, 4 runs each, at most about" in text(app)
    assert "Simulates a store of each of the 2 types in 64 futures" in text(app)
    assert next(one for one in app.number_input).value == 5
    assert not app.get("vega_lite_chart")
    button(app, "Which fixes should a budget buy?").click().run()
    until(app, lambda: "Within £1,000 in year one" in text(app))
    button(app, "How large a trial would show it?").click().run()
    until(app, lambda: "pairs of sites for" in text(app))
    button(app, "What is it worth in every store?").click().run()
    until(app, lambda: "In all 5 stores: £" in text(app))
    assert all(chart.proto.alt for chart in app.get("vega_lite_chart"))
    assert button(app, "Which fixes should a budget buy?") is None
