"""Customers in a file, for the formulas that are fitted to them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.scenario.quantity import Part, Text

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
