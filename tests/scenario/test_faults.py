import pickle
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationError,
    model_validator,
)

from sim.scenario.document import parse
from sim.scenario.faults import Document, Fault, ScenarioError, faults_of, found, in_order, path_of
from sim.scenario.spelling.names import shown


class ShopPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ShopQuantity(ShopPart):
    low: StrictInt | StrictFloat | None = None
    mode: StrictInt | StrictFloat | None = None
    high: StrictInt | StrictFloat | None = None
    unit: Annotated[str, Field(max_length=5)] | None = None
    evidence: Literal["A", "B", "C", "D"] | None = None
    source: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"mode": value}
        raise ValueError(f"found {found(value)}; allowed: a number, or a mapping")


def _at_most_one(quantity: ShopQuantity) -> ShopQuantity:
    if quantity.mode is not None and quantity.mode > 1:
        raise ValueError(f"found {quantity.mode}; allowed: a number from 0 to 1")
    return quantity


ShopShare = Annotated[ShopQuantity, AfterValidator(_at_most_one)]


class ShopAsset(ShopPart):
    id: Annotated[str, Field(pattern="^[a-z]+$")]
    pool: ShopShare = ShopQuantity(mode=1)
    breakage: ShopShare | None = None


class Wait(ShopPart):
    kind: Literal["wait"]
    wait: float


class Walk(ShopPart):
    kind: Literal["walk"]
    metres: float


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


Chance = Annotated[float, Field(ge=0, le=1)]


class Shop(ShopPart):
    on: StrictBool = True
    share: Chance = 0.5
    count: Annotated[StrictInt, Field(gt=0, lt=10)] = 1
    step: StrictInt | StrictFloat = Field(default=1, gt=0)
    law: Literal["fixed", "normal"] = "fixed"
    colour: Colour = Colour.RED
    title: str = ""
    nothing: None = None
    weights: tuple[Chance, ...] = Field(default=(), max_length=2)
    pair: tuple[int, Chance] | None = None
    by_day: dict[Literal["monday", "sunday"], Chance] = {}
    assets: tuple[ShopAsset, ...] = ()
    steps: list[Annotated[Wait | Walk, Field(discriminator="kind")]] = []
    moves: list[Wait | Walk] = []
    loose: ShopShare | list[ShopShare] | None = None
    known_as: str = Field(default="", alias="alias")


def messages(text: str, model: type[BaseModel] = Shop) -> list[str]:
    document = parse(text, "s.yaml")
    with pytest.raises(ValidationError) as raised:
        model.model_validate(document.data)
    return [str(fault) for fault in faults_of(raised.value, document)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("share: 1.4", "share: found 1.4; allowed: a number from 0 to 1"),
        ("share: x", 'share: found "x" (text); allowed: a number from 0 to 1'),
        ("share: {}", "share: found a mapping; allowed: a number from 0 to 1"),
        ("share:", "share: found nothing; allowed: a number from 0 to 1"),
        ("count: 0", "count: found 0; allowed: a whole number above 0 and below 10"),
        ("count: 1.5", "count: found 1.5; allowed: a whole number above 0 and below 10"),
        ("count: true", "count: found true (true/false); allowed: a whole number above 0 and below 10"),
        ("step: 0", "step: found 0; allowed: a number above 0"),
        ("step: x", 'step: found "x" (text); allowed: a number above 0'),
        ('on: "Yes"', 'on: found "Yes" (text); allowed: true or false; did you mean true?'),
        ("on: 1", "on: found 1 (number); allowed: true or false; did you mean true?"),
        ("law: uniform", 'law: found "uniform" (text); allowed: fixed or normal'),
        ("colour: green", 'colour: found "green" (text); allowed: red or blue'),
        ("title: [1, 2]", "title: found a list (length 2); allowed: text"),
        ("title: 5", 'title: found 5 (number); allowed: text; did you mean "5"?'),
        ("nothing: 5", "nothing: found 5 (number); allowed: nothing"),
        ("weights: {a: 1}", "weights: found a mapping; allowed: a list"),
        ("weights: [1, 1, 1]", "weights: found a list (length 3); allowed: length 2 or less"),
        ("weights: [1, 7]", "weights[1]: found 7; allowed: a number from 0 to 1"),
        ("pair: [1, 7]", "pair[1]: found 7; allowed: a number from 0 to 1"),
        ("pair: [x, 1]", 'pair[0]: found "x" (text); allowed: a whole number'),
        ("pair: [1]", "pair: missing; needed: [1]"),
        ("by_day: {monday: 2}", "by_day.monday: found 2; allowed: a number from 0 to 1"),
        ("by_day: {munday: 1}", 'by_day.munday: found "munday" (text); allowed: monday or sunday'),
        ("assets: [{id: A}]", 'assets.A.id: found "A" (text); allowed: text of another form'),
        ("assets: [5]", "assets[0]: found 5 (number); allowed: a mapping"),
        ("assets: [{}]", "assets[0]: missing; needed: id"),
        ("moves: [{kind: wait}]", "moves[0]: missing; needed: wait"),
    ],
)
def test_each_kind_of_fault_says_what_was_found_and_what_is_allowed(text: str, message: str) -> None:
    assert messages(text)[0] == f"s.yaml:1: {message}"


TROLLEYS = """\
assets:
  - id: trolleys
    pool:
      mode: 0.5
      {}
"""


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("evidence: E", 'evidence: found "E" (text); allowed: A, B, C or D'),
        ("unit: minutes", 'unit: found "minutes" (text); allowed: text of length 5 or less'),
        ("low: x", 'low: found "x" (text); allowed: a number'),
        ("evidnce: A", 'evidnce: unknown key "evidnce"; did you mean "evidence"?'),
    ],
)
def test_a_fault_inside_a_quantity_is_addressed_by_ids_and_keys(inner: str, message: str) -> None:
    assert messages(TROLLEYS.format(inner)) == [f"s.yaml:5: assets.trolleys.pool.{message}"]


def test_a_validators_own_words_pass_through() -> None:
    assert messages("assets:\n  - id: a\n    pool: 3\n  - id: b\n    breakage: yes\n") == [
        "s.yaml:3: assets.a.pool: found 3; allowed: a number from 0 to 1",
        's.yaml:5: assets.b.breakage: found "yes" (text); allowed: a number, or a mapping',
    ]


def test_an_assertion_passes_its_words_too() -> None:
    class Asserting(BaseModel):
        @model_validator(mode="after")
        def _never(self) -> "Asserting":
            raise AssertionError("never\x1b")

    assert messages("{}", Asserting) == ["s.yaml:1: never\\x1b"]


def test_what_has_no_words_of_its_own_keeps_pydantics() -> None:
    class Dated(BaseModel):
        port: Annotated[int, Field(multiple_of=5)]
        host: Annotated[str, Field(pattern="^a")] | bytes

    assert messages("port: 7\nhost: b", Dated)[0] == "s.yaml:1: port: found 7 (number); allowed: a multiple of 5"
    assert messages("steps: [{kind: run}]")[0].startswith("s.yaml:1: steps[0]: Input tag 'run' found using 'kind'")


def test_an_unknown_key_is_answered_with_the_nearest_known_one_or_all() -> None:
    assert messages("shares: 1\nassets:\n- id: a\n  breakege: 1\n- id: b\n  zzz: 1\nalia: x") == [
        's.yaml:1: shares: unknown key "shares"; did you mean "share"?',
        's.yaml:4: assets.a.breakege: unknown key "breakege"; did you mean "breakage"?',
        's.yaml:6: assets.b.zzz: unknown key "zzz"; known keys: id, pool, breakage',
        's.yaml:7: alia: unknown key "alia"; did you mean "alias"?',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loose: [{low: x}]", 'loose[0].low: found "x" (text); allowed: a number'),
        ("loose: {evidence: E}", 'loose.evidence: found "E" (text); allowed: A, B, C or D'),
        ("steps: [{kind: wait, wait: x}]", 'steps[0].wait: found "x" (text); allowed: a number'),
        ("steps: [{kind: walk, walk: 1}]", "steps[0]: missing; needed: metres"),
        ("steps: [{kind: walk, metres: 1, metre: 1}]", 'metre: unknown key "metre"; did you mean "metres"?'),
        ("moves: [{kind: wait, wait: x}]", 'moves[0].wait: found "x" (text); allowed: a number'),
        ("moves: [{kind: wait, wait: 1, zzz: 1}]", 'moves[0].zzz: unknown key "zzz"; known keys: kind, wait'),
    ],
)
def test_inside_a_union_pydantics_own_names_are_left_out(text: str, expected: str) -> None:
    said = messages(text)
    assert any(fault.endswith(expected) for fault in said)
    assert not any(name in fault for fault in said for name in ("function", "Wait", "Walk", "list["))


def test_the_key_that_a_union_is_tagged_by_may_also_be_a_key() -> None:
    assert messages("steps:\n  - kind: wait\n    wait: 1\n    wat: 2") == [
        's.yaml:4: steps[0].wat: unknown key "wat"; did you mean "wait"?'
    ]
    assert messages("steps:\n  - kind: wait\n    waits: 1")[0] == "s.yaml:2: steps[0]: missing; needed: wait"


def test_two_members_of_a_union_that_fail_alike_are_one_fault() -> None:
    class Setting(BaseModel):
        value: StrictInt | StrictFloat | StrictBool | None

    assert messages("value: x", Setting) == ['s.yaml:1: value: found "x" (text); allowed: a number or true or false']


def test_faults_are_sorted_by_line_and_a_missing_key_is_at_its_parent() -> None:
    text = "title: 1\nassets:\n  - pool: 1\n  - id: b\n    pool: 2\nshare: 2\n"
    assert messages(text) == [
        's.yaml:1: title: found 1 (number); allowed: text; did you mean "1"?',
        "s.yaml:3: assets[0]: missing; needed: id",
        "s.yaml:5: assets.b.pool: found 2; allowed: a number from 0 to 1",
        "s.yaml:6: share: found 2; allowed: a number from 0 to 1",
    ]


def test_data_that_comes_from_no_file_has_faults_without_line() -> None:
    data = {"assets": ({"id": "a", "pool": {"mode": 7}},)}
    with pytest.raises(ValidationError) as raised:
        Shop.model_validate(data)
    assert list(map(str, faults_of(raised.value, Document("set", data)))) == [
        "set: assets.a.pool: found 7; allowed: a number from 0 to 1"
    ]


def test_an_error_of_no_known_model_still_has_its_place() -> None:
    renamed = type("Renamed", (Shop,), {"model_config": ConfigDict(title="Something else")})
    assert messages("share: 2\nshares: 1", renamed) == [
        "s.yaml:1: share: found 2; allowed: a number at most 1.0",
        's.yaml:2: shares: unknown key "shares"',
    ]


def test_hostile_values_are_shortened_and_escaped() -> None:
    long = messages(f"on: {'x' * 100_000}\n'{'k' * 1000}': 1")
    assert long[0] == f's.yaml:1: on: found "{"x" * 39}…" (text); allowed: true or false'
    assert all(len(fault) < 300 for fault in long)
    assert messages('on: "\\e[31m\\n\\u202e"')[0].startswith('s.yaml:1: on: found "[31m\\n" (text)')
    assert messages('"a\\nb": 1')[0].startswith('s.yaml:1: a\\nb: unknown key "a\\nb"')


def test_a_fault_as_text_leaves_out_what_it_lacks() -> None:
    assert str(Fault("f", 3, "a.b", "is wrong")) == "f:3: a.b: is wrong"
    assert str(Fault("f", None, "a.b", "is wrong")) == "f: a.b: is wrong"
    assert str(Fault("f", 3, "", "is wrong")) == "f:3: is wrong"
    assert str(Fault("f", None, "", "is wrong")) == "f: is wrong"


def test_a_scenario_error_lists_its_faults_and_survives_pickling() -> None:
    error = ScenarioError([Fault("f", 1, "a", "x"), Fault("f", 2, "b", "y")])
    assert str(error) == "f:1: a: x\nf:2: b: y"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.faults) == (ScenarioError, error.faults)


def test_faults_in_order_are_by_line_and_each_once() -> None:
    first, second, whole = Fault("f", 2, "a", "x"), Fault("f", 10, "a", "x"), Fault("f", None, "", "x")
    assert in_order([second, first, second, whole, first]) == (whole, first, second)


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        ((), ""),
        (("assets", 0, "pool"), "assets.trolleys.pool"),
        (("assets", 1, "next", 2), "assets[1].next[2]"),
        (("assets", 2), "assets[2]"),
        (("assets", 9, "x", 0), "assets[9].x[0]"),
        (("a\nb",), "a\\nb"),
    ],
)
def test_paths_name_items_by_id_where_they_have_one(loc: tuple[str | int, ...], path: str) -> None:
    data = {"assets": [{"id": "trolleys", "pool": 1}, {"next": [0, 1, 2]}, {"id": 5}]}
    assert path_of(loc, data) == path


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true (true/false)"),
        (1.5, "1.5 (number)"),
        ("a", '"a" (text)'),
        ([], "a list (length 0)"),
        ({}, "a mapping"),
    ],
)
def test_a_value_is_named_with_its_kind(value: Any, words: str) -> None:
    assert found(value) == words


@given(st.text(), st.integers(2, 50))
def test_shown_text_is_printable_and_short(text: str, longest: int) -> None:
    assert shown(text, longest).isprintable()
    assert len(shown(text, longest)) <= 10 * longest  # an escape has ten characters at most
    if text.isprintable() and len(text) <= longest:
        assert shown(text, longest) == text


KEYS = st.sampled_from([*Shop.model_fields, "alias", "pool", "id", "kind", "wait", "mode", "low", "evidence", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.text(max_size=3) | st.just("wait"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_every_fault_of_any_data_has_a_place_in_the_data(data: dict[str, Any]) -> None:
    try:
        Shop.model_validate(data)
    except ValidationError as error:
        faults = faults_of(error, Document("f", data, {(): 1}))
        assert faults
        assert all(fault.line == 1 and fault.path.split(".")[0].split("[")[0] in data for fault in faults)
