"""What a chain's figure says: in sentences, as plain data for JSON, and as tables that show its mix."""

from collections.abc import Iterator

from sim.experiments.estimate import Estimate
from sim.experiments.plain import Report, estimate_report
from sim.finance.case_report import Row
from sim.finance.chain import Chain, Mix
from sim.scenario.wording import MISSING, money, percent


def headline(found: Chain) -> str:
    """What fixes are worth in every store, in a sentence."""
    p10, _, p90 = (money(end, found.currency) for end in found.percentiles)
    return (
        f"In all {found.stores:,.0f} stores: {money(found.year_one_cost, found.currency)} in year one, "
        f"worth {_money(found.npv, found.currency)}; eight of ten futures lie between {p10} and {p90}, "
        f"and {percent(found.prob_loss)} of them lose money."
    )


def sentences(found: Chain) -> Iterator[str]:
    """All that there is to say."""
    yield headline(found)
    yield made_of(found)
    yield spread(found)


def made_of(found: Chain) -> str:
    """The mix of types behind the figure."""
    said = [f"{row.stores:,.0f} × {row.label}: {_money(row.npv, found.currency)}" for row in found.mix]
    return f"Made of {'; '.join(said)}."


def spread(found: Chain) -> str:
    """How much of what is not sure is luck, and how much is not knowing."""
    luck, inputs = found.spread.run_noise_sd, found.spread.input_sd
    if luck is None or inputs is None:
        return "How much of the spread is luck is not known."
    inputs_said, luck_said = money(inputs, found.currency), money(luck, found.currency)
    return (
        f"What is not known is the same in every store and does not average out: {inputs_said} (standard deviation). "
        f"Luck is each store's own and does: {luck_said}. What a mended store takes from sister stores is taken off."
    )


def rows(found: Chain) -> list[dict[str, str]]:
    """A row for each type of store."""
    return [
        {
            "Type of store": row.label,
            "Stores": f"{row.stores:,.0f}",
            "A store is worth": _money(row.npv_a_store, found.currency),
            "All of them": _money(row.npv, found.currency),
            "Share": MISSING if row.share is None else percent(row.share),
        }
        for row in found.mix
    ]


def _money(found: Estimate, currency: str) -> str:
    return MISSING if found.mean is None else money(found.mean, currency)


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
