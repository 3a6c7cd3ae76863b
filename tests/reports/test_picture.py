"""Pictures: every kind of file, stamped, the same everywhere, and nothing fetched."""

import io
import struct
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from sim.reports.origin import origin
from sim.reports.picture import PictureError, picture, stamped

ORIGIN = origin(
    "A tiny shop", "4 runs of 12 weeks", 1, datetime(2026, 11, 22, tzinfo=UTC), "http://here/?scenario=tiny"
)
BARS: dict[str, Any] = {
    "data": {"values": [{"name": "A <b>wheel</b> & more\x07", "lost": 3}, {"name": "A queue", "lost": 5}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "lost", "type": "quantitative"},
        "y": {"field": "name", "type": "nominal"},
    },
}


def words_of(svg: bytes) -> str:
    return " ".join(
        "".join(node.itertext()) for node in ElementTree.parse(io.BytesIO(svg)).iter() if node.tag.endswith("text")
    )


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_each_kind_is_what_it_says() -> None:
    whole = stamped(BARS, "What is lost", "A queue loses most.", ORIGIN)
    width, height = size_of(picture(whole, "png"))
    assert 1_200 < width < 2_000
    assert 200 < height < 1_000
    assert size_of(picture(whole, "png", scale=1.0))[0] == pytest.approx(width / 2, abs=1)
    assert picture(whole, "pdf").startswith(b"%PDF")
    assert picture(whole, "svg").startswith(b"<svg")


def test_it_says_what_it_is_and_where_it_comes_from() -> None:
    said = words_of(picture(stamped(BARS, "What is lost", "A queue loses most.", ORIGIN), "svg"))
    for word in (
        "What is lost",
        "A queue loses most.",
        "4 runs of 12 weeks",
        "seed 1",
        "Ripple 0",
        "http://here/?scenario=tiny",
    ):
        assert word in said


def test_names_stay_text() -> None:
    assert "A <b>wheel</b> & more" in words_of(picture(BARS, "svg"))


def test_a_long_title_wraps_within_the_picture() -> None:
    width, _ = size_of(picture(stamped(BARS, "A name without end " * 40, "", ORIGIN), "png", scale=1.0))
    assert width < 1_000


@pytest.mark.parametrize(
    "fetching",
    [
        BARS | {"data": {"url": "http://127.0.0.1:9/rows.csv"}},
        BARS | {"mark": {"type": "image", "url": "file:///etc/hostname"}},
        BARS | {"layer": [{"mark": {"type": "image"}, "encoding": {"url": {"field": "name"}}}]},
        BARS | {"encoding": {"href": {"value": "http://127.0.0.1:9/"}}},
    ],
)
def test_a_chart_that_would_fetch_something_is_refused(fetching: dict[str, Any]) -> None:
    with pytest.raises(PictureError, match="allowed: charts that hold all they show"):
        picture(fetching, "svg")


def test_rows_may_have_columns_of_any_name() -> None:
    rows = {"data": {"values": [{"name": "a", "lost": 1, "url": "http://127.0.0.1:9/"}]}}
    assert picture(BARS | rows, "svg")


def test_what_vega_lite_cannot_draw_is_said_in_a_sentence() -> None:
    with pytest.raises(PictureError, match="This chart cannot be drawn"):
        picture({"mark": {"type": "bar"}, "encoding": {"x": 3}, "data": {"values": []}, "vconcat": 4}, "svg")


def test_the_same_chart_is_the_same_bytes() -> None:
    assert picture(BARS, "png") == picture(BARS, "png")
