"""Where customers and the business meet, and what they meet with."""

from typing import Literal

from pydantic import Field, StrictBool

from sim.scenario.part import Id, Named, Part
from sim.scenario.quantity import LogSd, Minutes, Servers, Share, Things, by_default


class Duration(Part):
    """How long something takes."""

    mean: Minutes
    law: Literal["fixed", "exponential", "lognormal"] = "fixed"
    log_sd: LogSd = Field(default=by_default(0, "log standard deviation"), description="spread, for the lognormal law")


class Route(Part):
    """A way on from a touchpoint.

    Routes whose condition holds take their shares in order, each at most what the earlier ones leave; so a last one
    with the share 1 takes the rest. What nobody takes ends the visit.
    """

    to: Id
    when: Literal["always", "reporting"] = Field(default="always", description="reporting: has something to report")
    share: Share = by_default(1, "share")


class Touchpoint(Named):
    """A step where customer and business meet. With no way on, the visit ends there."""

    stage: Id
    department: Id
    minutes: Duration | None = Field(default=None, description="left out: passed through at once")
    grows_with_trip: StrictBool = Field(default=False, description="minutes times the trip's time_times")
    resource: Id | None = Field(default=None, description="who serves here; customers queue for it")
    patience: Minutes | None = Field(default=None, description="mean of an exponential; left out: endless")
    borrows: Id | None = Field(default=None, description="asset drawn here, given back when the visit ends")
    hears_reports: Id | None = Field(default=None, description="asset whose faults are reported here")
    pays: StrictBool = Field(default=False, description="the basket is paid here; nothing later takes from it")
    next: tuple[Route, ...] = ()


class Resource(Named):
    """People or machines that serve one customer each, with one queue before them."""

    servers: Servers


class Repair(Part):
    """Who mends a broken asset and how long each takes."""

    resource: Id
    minutes: Duration


class Asset(Named):
    """A pool of alike things that are borrowed, break, are reported, and are mended."""

    pool: Things
    breaks: Share = Field(description="chance that a sound one comes back broken, each trip")
    reserve: Things = Field(description="a reported one is taken out only while this many stay idle without it")
    repair: Repair
