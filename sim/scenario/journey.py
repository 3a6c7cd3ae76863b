"""Where customers and the business meet, what they meet with and what may go wrong, what people who serve learnt."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field, StrictBool

from sim.scenario.quantity import (
    GUESSED,
    MODELLED,
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
    optional,
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

    at_start: Unit = optional(1, "0 to 1", "at week 0, right after training")
    half_life: Weeks = optional(12, "weeks", "after this long without coaching half is left", *MODELLED)
    coaching_every: Weeks = optional(0, "weeks", "weeks between sessions; 0: never")
    coaching_restores: Share = optional(1, "share of what was lost", "by one session", *GUESSED)
    session_cost: Money = optional(0, "currency", "of one session, in time not spent with customers")
    lifts: tuple[Lift, ...] = Field(min_length=1, description="the chances that it moves")


class Duration(Part):
    """How long something takes."""

    mean: Minutes = Field(description="mean over visits")
    law: Literal["fixed", "exponential", "lognormal"] = Field(
        default="fixed", description="how it differs between visits"
    )
    log_sd: LogSd = optional(0, "log standard deviation", "spread, for the lognormal law")


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
    share: Share = optional(1, "share", "of the visits that come here; at most what earlier ways on leave")


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
    spread: Unit = optional(0, "0 to 1", "standard deviation between visits")


class Conversion(Part):
    """Here the customer says yes or no; a no ends the visit, and nothing is bought."""

    chance: Share = Field(description="at the expectation and trust that everybody starts with")


class CrossSale(Part):
    """Here something more is offered."""

    chance: Share = Field(description="at the trust that everybody starts with")
    spend: Money = Field(description="mean of what is bought on top")
    spend_log_sd: LogSd = optional(0, "log standard deviation", "spread of it")


class Contact(Part):
    """Here a question or a complaint is dealt with; if it is not, that is a failure of the cause `unresolved`."""

    resolves: Share = Field(description="chance that one contact settles it")
    restores: Multiple = optional(
        0,
        "share of the experience lost",
        "share of what the visit's experience lost that a settled complaint gives back; above 1, more",
    )
    refund: Share = optional(0, "share of what was paid", "given back when a complaint is settled")


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
    permission: Share = optional(0, "share", "of those who have not agreed to be contacted, who agree here")
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
    weight: Strength = optional(0.3, "strength", "in the visit's experience", *MODELLED)


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


Cause = Literal["chance", "asset", "shortage", "wait", "promise", "unresolved", "intrusion"]

_Needs = tuple[Callable[[Touchpoint], object], str]
_BORROWS: _Needs = (lambda place: place.borrows, "the touchpoint borrows an asset")
NEEDED_FOR: Mapping[Cause, _Needs] = {
    "asset": _BORROWS,
    "shortage": _BORROWS,
    "wait": (lambda place: place.resource and place.patience, "the touchpoint has a resource and a patience"),
    "unresolved": (
        lambda place: place.hears_reports or place.contact,
        "the touchpoint hears reports or is a contact",
    ),
    "promise": (lambda place: place.delivers, "the touchpoint delivers what was promised"),
}
"""What a touchpoint must have for a failure point of that cause."""


class Response(Named):
    """One thing customers do about a failure. The first response listed takes the share the others leave over."""

    share: Share | None = Field(default=None, description="left out on the first response only")
    loss: Share = optional(0, "share", "share of the basket not bought")
    loss_on: tuple[Id, ...] = Field(default=(), description="trips that lose it; left out: every trip")
    feels: Level = optional(0, "from -1 (dreadful) to 1 (delightful)", "added to the visit's experience")
    then: Literal["carry_on", "hand_back", "leave"] = Field(
        default="carry_on", description="hand_back: gives the borrowed thing back and goes on without"
    )
    not_in_rain: StrictBool = Field(default=False, description="on wet days these people take the first response")


class Failure(Named):
    """A failure point. Off means it never happens."""

    at: Id = Field(description="the touchpoint where it happens")
    cause: Cause = Field(
        description="chance: a probability at each pass; asset: the thing borrowed is faulty; shortage: nothing is "
        "left to borrow; wait: longer than the customer's patience, or too long a queue; promise: delivered below what "
        "was promised; unresolved: a report is made and nothing is done, or a contact ends without an answer; "
        "intrusion: contact before permission"
    )
    on: StrictBool = Field(default=True, description="false: it never happens")
    chance: Share | None = Field(default=None, description="for the cause `chance` only")
    severity: Share = optional(0, "share", "decides who complains")
    weight: Strength = optional(0.3, "strength", "in the visit's experience", *MODELLED)
    reported: StrictBool = Field(default=False, description="may lead to a complaint: its severity says how often")
    breaks_promise: StrictBool = Field(default=False, description="counts as a promise broken, as a wrong price does")
    responses: tuple[Response, ...] = Field(min_length=1, description="what customers do about it")
