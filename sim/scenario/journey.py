"""Where customers and the business meet, what they meet with, and what people who serve have learnt."""

from typing import Literal

from pydantic import Field, StrictBool

from sim.scenario.quantity import (
    Id,
    Level,
    LogSd,
    Minutes,
    Money,
    Multiple,
    Named,
    Part,
    People,
    Servers,
    Share,
    Shift,
    Strength,
    Things,
    Unit,
    Weeks,
    by_default,
)


class Lift(Part):
    """A chance that a skill raises or lowers: of a failure, of a conversion, or that a contact settles it."""

    at: Id = Field(description="a touchpoint, or a failure point of the cause `chance`")
    rate: Literal["failure", "conversion", "resolution"] = Field(
        description="which chance: that it goes wrong, sells, settles"
    )
    log_odds: Shift = Field(description="added to the chance's log-odds at full skill")


class Skill(Named):
    """Training lifts a chance, wears off with a half-life, and is held up by coaching."""

    at_start: Unit = Field(default=by_default(1, "0 to 1"), description="at week 0, right after training")
    half_life: Weeks = Field(
        default=by_default(12, "weeks", "D", "the model's default"),
        description="after this long without coaching half is left",
    )
    coaching_every: Weeks = Field(default=by_default(0, "weeks"), description="weeks between sessions; 0: never")
    coaching_restores: Share = Field(
        default=by_default(1, "share of what was lost", "D", "a guess"), description="by one session"
    )
    session_cost: Money = Field(
        default=by_default(0, "currency"), description="of one session, in time not spent with customers"
    )
    lifts: tuple[Lift, ...] = Field(min_length=1, description="the chances that it moves")


class Duration(Part):
    """How long something takes."""

    mean: Minutes = Field(description="mean over visits")
    law: Literal["fixed", "exponential", "lognormal"] = Field(
        default="fixed", description="how it differs between visits"
    )
    log_sd: LogSd = Field(default=by_default(0, "log standard deviation"), description="spread, for the lognormal law")


When = Literal["always", "reporting", "failed", "settled", "customer", "prospect"]


class Route(Part):
    """A way on from a touchpoint.

    Routes whose condition holds take their shares in order, each at most what the earlier ones leave; so a last one
    with the share 1 takes the rest. What nobody takes ends the visit. Nobody is sent where their segment cannot go:
    a route to a touchpoint on a channel they cannot use does not hold for them.
    """

    to: Id = Field(description="the touchpoint it leads to")
    when: When = Field(
        default="always",
        description="reporting: has a complaint to make; failed: something went wrong at this touchpoint on this pass; "
        "settled: nothing did; customer: has bought before, or was a customer at week 0; prospect: has not",
    )
    segments: tuple[Id, ...] = Field(default=(), description="who may take it; left out: everybody")
    trips: tuple[Id, ...] = Field(default=(), description="visits that may take it; left out: all")
    share: Share = Field(
        default=by_default(1, "share"), description="of the visits that come here; at most what earlier ways on leave"
    )


class Claim(Part):
    """What is promised here, on the scale on which delivery is measured."""

    level: Unit = Field(description="how good it is said to be")
    known: Unit | None = Field(
        default=None,
        description="what they know can be delivered; a promise above it is a lie. Left out: they believe it",
    )


class Delivery(Part):
    """How good what the customer gets here is; the promise heard before is tested on it."""

    level: Unit = Field(description="mean over visits")
    spread: Unit = Field(default=by_default(0, "0 to 1"), description="standard deviation between visits")


class Conversion(Part):
    """Here the customer says yes or no; a no ends the visit, and nothing is bought."""

    chance: Share = Field(description="at the expectation and trust that everybody starts with")


class CrossSale(Part):
    """Here something more is offered."""

    chance: Share = Field(description="at the trust that everybody starts with")
    spend: Money = Field(description="mean of what is bought on top")
    spend_log_sd: LogSd = Field(default=by_default(0, "log standard deviation"), description="spread of it")


class Contact(Part):
    """Here a question or a complaint is dealt with; if it is not, that is a failure of the cause `unresolved`."""

    resolves: Share = Field(description="chance that one contact settles it")
    restores: Multiple = Field(
        default=by_default(0, "share of the experience lost"),
        description="share of what the visit's experience lost that a settled complaint gives back; above 1, more",
    )
    refund: Share = Field(
        default=by_default(0, "share of what was paid"), description="given back when a complaint is settled"
    )


class Touchpoint(Named):
    """A step where customer and business meet. With no way on, the visit ends there."""

    stage: Id = Field(description="the stage of the journey that it belongs to")
    department: Id = Field(description="who owns it")
    minutes: Duration | None = Field(default=None, description="left out: passed through at once")
    grows_with_trip: StrictBool = Field(default=False, description="minutes times the trip's time_times")
    resource: Id | None = Field(default=None, description="who serves here; customers queue for it")
    patience: Minutes | None = Field(default=None, description="mean of an exponential; left out: endless")
    borrows: Id | None = Field(default=None, description="asset drawn here, given back when the visit ends")
    hears_reports: Id | None = Field(default=None, description="asset whose faults are reported here")
    pays: StrictBool = Field(default=False, description="the basket is paid here; nothing later takes from it")
    channel: Id | None = Field(default=None, description="the visit goes on in this channel; left out: as before")
    balks_at: People | None = Field(
        default=None, description="who finds this many waiting loses patience at once; left out: never"
    )
    permission: Share = Field(
        default=by_default(0, "share"), description="of those who have not agreed to be contacted, who agree here"
    )
    claim: Claim | None = Field(default=None, description="what is promised here")
    delivers: Delivery | None = Field(default=None, description="what the customer gets here")
    contact: Contact | None = Field(default=None, description="questions and complaints are dealt with here")
    converts: Conversion | None = Field(default=None, description="the customer decides here")
    cross_sells: CrossSale | None = Field(default=None, description="more is offered here")
    next: tuple[Route, ...] = Field(default=(), description="ways on, tried in this order")


class Attribute(Named):
    """Something about a touchpoint that is felt each time, whatever goes wrong."""

    at: Id = Field(description="the touchpoint where it is felt")
    kind: Literal["performance", "must_be", "attractive"] = Field(
        default="performance", description="must_be: only its lack is felt; attractive: only its presence (Kano 1984)"
    )
    level: Level = Field(description="how it feels")
    weight: Strength = Field(
        default=by_default(0.3, "strength", "D", "the model's default"), description="in the visit's experience"
    )


class Resource(Named):
    """People or machines that serve one customer each, with one queue before them."""

    servers: Servers = Field(description="how many are served at the same time")


class Repair(Part):
    """Who mends a broken asset and how long each takes."""

    resource: Id = Field(description="who mends")
    minutes: Duration = Field(description="to mend one, once its turn has come")


class Asset(Named):
    """A pool of alike things that are borrowed, break, are reported, and are mended."""

    pool: Things = Field(description="how many there are, lent out, idle or under repair")
    breaks: Share = Field(description="chance that a sound one comes back broken, each trip")
    reserve: Things = Field(description="a reported one is taken out only while this many stay idle without it")
    repair: Repair = Field(description="what becomes of one that is taken out")
