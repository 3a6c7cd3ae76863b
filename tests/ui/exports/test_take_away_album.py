"""Charts seen in rooms and side by side: found under each scenario of theirs, as they were seen last."""

from ui.exports.context import Album

ROOM, SAVED = "workshop?room=ABC", "saved?scenario=tiny"


def bars(value: float) -> tuple[dict[str, object], str]:
    return {"data": {"values": [{"a": value}]}}, f"It is {value}."


def test_what_a_room_saw_is_found_under_the_scenario_it_has_by_now() -> None:
    album = Album()
    album.keep(ROOM, {"tiny"}, "Bets", "8 runs", bars(1))
    album.keep(ROOM, {"tiny", "~made"}, "Board", "8 runs", bars(2))
    for name in ("tiny", "~made"):
        assert [(one.name, one.link, one.simulated) for one in album.of(name)] == [
            ("Bets", ROOM, "8 runs"),
            ("Board", ROOM, "8 runs"),
        ]
    assert not album.of("another")


def test_a_chart_seen_again_as_it_was_is_the_same_and_otherwise_a_newer_one() -> None:
    album = Album()
    album.keep(SAVED, {"tiny"}, "Value", "6 runs", bars(1))
    (first,) = album.of("tiny")
    album.keep(SAVED, {"tiny"}, "Value", "6 runs", bars(1))
    assert album.of("tiny") == [first]
    album.keep(SAVED, {"tiny"}, "Value", "12 runs", bars(2))
    (newer,) = album.of("tiny")
    assert newer.version > first.version
    assert (newer.simulated, newer.draw()) == ("12 runs", bars(2))


def test_what_was_seen_last_hides_others_of_its_name() -> None:
    album = Album()
    for room, value in (("A", 1.0), ("B", 2.0), ("A", 1.0)):
        album.keep(room, {"tiny"}, "Bets", "8 runs", bars(value))
    assert [(one.link, one.draw()) for one in album.of("tiny")] == [("A", bars(1.0))]


def test_it_holds_only_so_many_places() -> None:
    album = Album()
    for room in range(20):
        album.keep(str(room), {str(room)}, "Bets", "8 runs", bars(room))
    assert [bool(album.of(str(room))) for room in range(20)] == [False] * 12 + [True] * 8
