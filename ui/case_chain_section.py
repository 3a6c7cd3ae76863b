"""The section that works out the whole chain: its stores by type, and what each type adds."""

from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from sim.experiments.price import price_of, spoken
from sim.finance import chain_report
from sim.finance.case import AGAIN
from sim.finance.chain import DRAWS, Chain, ChainJob
from sim.finance.study import Study
from sim.scenario.alterations import store_of
from ui.asides_desk import Asides
from ui.case_asides import Aside, answer
from ui.case_choice import CaseChoice
from ui.charts.beside_case import mix
from ui.text import escaped


def whole_chain(choice: CaseChoice, study: Study, asides: Asides) -> None:
    """Draw the section, where the scenario says which stores there are."""
    st.markdown("#### The whole chain")
    if study.scenario.chain is None:
        st.caption("This scenario says nothing of other sites, so its figures are one site's, and are not multiplied.")
        return
    begin = partial(ChainJob, study, choice.fixes, choice.terms)
    aside = Aside("chain", choice.asked, "What is it worth in every store?", _chain_costs(study, choice.fixes), begin)
    job = cast(ChainJob | None, answer(asides, aside))
    if job is not None and job.chain is not None:
        _show_chain(job.chain, study.currency)


def _chain_costs(study: Study, fixes: tuple[str, ...]) -> str:
    assert study.scenario.chain is not None
    types = study.scenario.chain.stores
    owns = [Study(store_of(study.scenario, kind.id), study.seed, study.store) for kind in types]
    worlds = [own.task(own.setting(fixes, {}, 0)) for own in owns]
    seconds = price_of(worlds * 2 * (DRAWS + AGAIN)).seconds
    return f"Simulates a store of each of the {len(types)} types in {DRAWS} futures: at most about {spoken(seconds)}."


def _show_chain(found: Chain, currency: str) -> None:
    st.markdown(f"**{escaped(chain_report.headline(found))}**")
    st.caption("What all stores of each type add. Line: 95% interval from so many futures.")
    said = chain_report.made_of(found)
    st.vega_lite_chart(mix(found, currency), key="chain mix", alt=said)
    rows = pd.DataFrame(chain_report.rows(found))
    st.dataframe(rows, hide_index=True, key="chain table", alt=said)
    st.markdown(escaped(chain_report.spread(found)))
