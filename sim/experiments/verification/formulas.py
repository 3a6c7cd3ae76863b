"""Customers in a file, for the formulas that are fitted to them."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from sim.outcomes import customer_value
from sim.outcomes.measures import minds
from sim.scenario.faults import found
from sim.scenario.quantity import Number, Part, Text

Floats = NDArray[np.float64]


class Purchases(NamedTuple):
    """What was seen of each customer, as `bg_nbd` and `gamma_gamma` describe it; arrays of shape (customers,)."""

    frequency: Floats
    recency: Floats
    age: Floats
    mean_spend: Floats


class OfCustomers(Part):
    """A formula fitted to customers: a CSV file with the columns of `Purchases`."""

    customers: Text = Field(description="the file, from this file's folder")

    def seen(self, folder: Path) -> Purchases:
        """The customers in that file. Raises OSError or ValueError where it cannot be read so."""
        table = np.genfromtxt(folder / self.customers, delimiter=",", names=True)
        return Purchases(*(table[name] for name in Purchases._fields))

    def fault(self, folder: Path) -> str | None:
        """Why the customers cannot be read, None where they can."""
        try:
            self.seen(folder)
        except (OSError, ValueError):
            return f'found "{self.customers}"; allowed: a CSV file with columns {", ".join(Purchases._fields)}'
        return None


Figures = dict[str, float]
_Share = Annotated[Number, Field(ge=0, le=1)]
_NotNegative = Annotated[Number, Field(ge=0)]


class BgNbdFit(OfCustomers):
    """BG/NBD fitted to customers, and how likely it makes them."""

    gives: ClassVar[tuple[str, ...]] = (*customer_value.BgNbd._fields, "log_likelihood")
    formula: Literal["bg_nbd"]

    def work_out(self, folder: Path) -> Figures:
        """The parameters likeliest for these customers, and their log-likelihood."""
        seen = self.seen(folder)[:3]
        model = customer_value.fit_bg_nbd(*seen)
        return model._asdict() | {"log_likelihood": float(customer_value.bg_nbd_log_likelihood(model, *seen).sum())}


class BgNbdPurchases(OfCustomers):
    """What BG/NBD, fitted to customers, expects of a new one."""

    gives: ClassVar[tuple[str, ...]] = ("expected_purchases",)
    formula: Literal["bg_nbd_purchases"]
    weeks: _NotNegative = Field(description="after the first purchase")

    def work_out(self, folder: Path) -> Figures:
        """Purchases after the first that a new customer makes within so many weeks."""
        model = customer_value.fit_bg_nbd(*self.seen(folder)[:3])
        return {"expected_purchases": float(customer_value.expected_purchases(model, np.array([self.weeks]))[0])}


class GammaGammaFit(OfCustomers):
    """Gamma-Gamma fitted to those customers who came again."""

    gives: ClassVar[tuple[str, ...]] = customer_value.GammaGamma._fields
    formula: Literal["gamma_gamma"]

    def work_out(self, folder: Path) -> Figures:
        """The parameters likeliest for what these customers spent."""
        seen = self.seen(folder)
        again = seen.frequency > 0
        return customer_value.fit_gamma_gamma(seen.frequency[again], seen.mean_spend[again])._asdict()


class _OfSurvivors(Part):
    """A formula fitted to how many are left after each renewal."""

    survivors: tuple[_NotNegative, ...] = Field(min_length=3, description="all of them first, then after each renewal")

    def fitted(self) -> customer_value.ShiftedBetaGeometric:
        """The shifted-beta-geometric law likeliest for them."""
        return customer_value.fit_survivors(np.array(self.survivors, float))


class SbgFit(_OfSurvivors):
    """The shifted-beta-geometric law fitted to survivors."""

    gives: ClassVar[tuple[str, ...]] = customer_value.ShiftedBetaGeometric._fields
    formula: Literal["sbg"]

    def work_out(self, _: Path) -> Figures:
        """The parameters likeliest for these survivors."""
        return self.fitted()._asdict()


class SbgSurvival(_OfSurvivors):
    """What the shifted-beta-geometric law, fitted to survivors, projects."""

    gives: ClassVar[tuple[str, ...]] = ("survival",)
    formula: Literal["sbg_survival"]
    periods: _NotNegative

    def work_out(self, _: Path) -> Figures:
        """Share of customers left after so many renewals."""
        return {"survival": float(customer_value.survival(self.fitted(), np.array([self.periods]))[0])}


class GuptaLehmann(Part):
    """Customer value with constant retention, for ever."""

    gives: ClassVar[tuple[str, ...]] = ("value",)
    formula: Literal["gupta_lehmann"]
    margin: Number
    retention: _Share
    discount: Annotated[Number, Field(gt=0)]

    def work_out(self, _: Path) -> Figures:
        """Value in the margin's unit."""
        return {"value": customer_value.gupta_lehmann(self.margin, self.retention, self.discount)}


class NpsError(Part):
    """The sampling error of a recommendation score."""

    gives: ClassVar[tuple[str, ...]] = ("half_width",)
    formula: Literal["nps_error"]
    promoters: _Share
    detractors: _Share
    answers: Annotated[Number, Field(gt=0)]

    def work_out(self, _: Path) -> Figures:
        """Half the width of the 95% interval, in points of 100."""
        return {"half_width": 100.0 * minds.nps_half_width(self.promoters, self.detractors, self.answers)}


_KINDS = BgNbdFit | BgNbdPurchases | GammaGammaFit | SbgFit | SbgSurvival | GuptaLehmann | NpsError
NAMES = tuple(get_args(kind.model_fields["formula"].annotation)[0] for kind in get_args(_KINDS))


def _named(given: object) -> object:
    """Refuses what names no formula, in words that say which there are."""
    name = given.get("formula") if isinstance(given, dict) else None
    if isinstance(given, dict) and name not in NAMES:
        raise ValueError(f"found formula {found(name)}; allowed: {', '.join(NAMES)}")
    return given


Formula = Annotated[_KINDS, Field(discriminator="formula"), BeforeValidator(_named)]
"""What a known answer is computed by: a formula's name and what it takes."""
