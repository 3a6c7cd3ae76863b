"""A chain's figure as plain data for JSON, and as titled tables that show its mix: missing is None, never 0."""

from collections.abc import Iterator

from sim.experiments.plain import Report, estimate_report
from sim.finance.case_report import Row
from sim.finance.chain import Chain, Mix
from sim.scenario.wording import percent


def chain_report(found: Chain) -> Report:
    """What the fixes are worth in all stores, and what that is made of."""
    p10, p50, p90 = found.percentiles
    return {
        "npv": estimate_report(found.npv, found.currency),
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "prob_loss": found.prob_loss,
        "run_noise_sd": found.spread.run_noise_sd,
        "input_sd": found.spread.input_sd,
        "year_one_cost": found.year_one_cost,
        "stores": found.stores,
        "mix": [_row(found, row) for row in found.mix],
        "currency": found.currency,
        "terms": found.kinds[0].case.terms.model_dump(),
    }


def _row(found: Chain, row: Mix) -> Report:
    return {
        "id": row.id,
        "label": row.label,
        "stores": row.stores,
        "npv_a_store": estimate_report(row.npv_a_store, found.currency),
        "npv": estimate_report(row.npv, found.currency),
        "share": row.share,
    }


def tables(found: Chain) -> Iterator[tuple[str, list[Row]]]:
    """The mix as a table for a terminal."""
    yield (
        f"The mix ({found.currency}; NPV and how well so many futures know the mean)",
        [
            {
                "stores": row.label,
                "how many": f"{row.stores:,.0f}",
                "NPV a store": estimate_report(row.npv_a_store, found.currency),
                "NPV of all": estimate_report(row.npv, found.currency),
                "share": "none" if row.share is None else percent(row.share),
            }
            for row in found.mix
        ],
    )
