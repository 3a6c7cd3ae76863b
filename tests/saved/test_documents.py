"""Scenario files kept by their content, on SQLite and on PostgreSQL alike."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sim.experiments import library
from sim.saved import documents
from sim.saved.database import DOCUMENTS, TABLES, Database
from sim.scenario.faults import ScenarioError

TINY = library.path_of("tiny").read_text(encoding="utf-8")


def kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(DOCUMENTS)).scalar_one()


def test_what_is_kept_is_there_again_letter_by_letter(database: Database) -> None:
    name = documents.keep(database, TINY)
    assert documents.text_of(database, name) == TINY
    assert documents.load(database, name) == library.load("tiny")
    assert documents.is_kept(name)
    assert not any(documents.is_kept(shipped) for shipped in library.names())


def test_keeping_it_twice_is_keeping_it_once_and_another_letter_is_another_file(database: Database) -> None:
    first = documents.keep(database, TINY)
    assert documents.keep(database, TINY) == first
    assert documents.keep(database, TINY + "# another\n") != first
    assert kept(database) == 2


def test_two_who_first_keep_the_same_file_at_once_both_have_it(database: Database, url: str) -> None:
    other, name = Database(TABLES, url), documents.name_of(TINY)
    with ThreadPoolExecutor(1) as thread:
        with database.writing() as connection:
            connection.execute(DOCUMENTS.insert().values(name=name, text=TINY, used=0))
            second = thread.submit(documents.keep, other, TINY)
            time.sleep(0.5)  # enough for the second to have looked, and found none
        assert second.result() == name
    assert documents.text_of(other, name) == TINY
    assert kept(database) == 1
    other.close()


def test_of_a_file_with_faults_every_fault_is_said_and_nothing_kept(database: Database) -> None:
    wrong = TINY.replace("warm_up_days: 14", "warm_up_days: -1").replace("headline: revenue", "headline: revenu")
    with pytest.raises(ScenarioError) as caught:
        documents.keep(database, wrong, "mine.yaml")
    assert [(fault.file, fault.path) for fault in caught.value.faults] == [
        ("mine.yaml", "warm_up_days"),
        ("mine.yaml", "headline"),
    ]
    assert kept(database) == 0


def test_a_name_that_is_not_kept_here_says_whom_to_ask(database: Database) -> None:
    with pytest.raises(ScenarioError, match="not kept here; ask whoever made the link for its file"):
        documents.load(database, "~0123456789abcdef01234567")


def test_a_file_is_taken_as_editors_save_it(database: Database) -> None:
    name = documents.keep_file(database, b"\xef\xbb\xbf" + TINY.replace("\n", "\r\n").encode(), "mine.yaml")
    assert documents.load(database, name) == library.load("tiny")


def test_what_nobody_sees_in_a_file_is_not_kept(database: Database) -> None:
    name = documents.keep_file(database, TINY.replace("title: ", "title: \0\u202e\u200b", 1).encode(), "mine.yaml")
    assert name == documents.keep(database, TINY) == documents.name_of(f"\u2028{TINY}")
    assert documents.text_of(database, name) == TINY


@pytest.mark.attack
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"title: \xff", "not UTF-8 text"),
        (b"x" * 300_000, "larger than the limit of 262144 bytes"),
        ("title: a\ufffeb".encode(), r"character U\+FFFE is not accepted"),
        (b"", "the file is empty"),
    ],
)
def test_a_file_that_is_no_scenario_is_said(database: Database, raw: bytes, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        documents.keep_file(database, raw, "mine.yaml")
    assert kept(database) == 0


def test_a_shipped_scenario_is_kept_as_it_is_now_and_its_editing_is_noticed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    shipped = tmp_path / "shop.yaml"
    shipped.write_text(TINY, encoding="utf-8")
    name = documents.keep_shipped(database, "shop")
    assert documents.keep_shipped(database, name) == name
    assert not documents.is_edited("shop", name)
    shipped.write_text(TINY.replace("breaks: 0.01", "breaks: 0.02"), encoding="utf-8")
    assert documents.is_edited("shop", name)
    assert not documents.is_edited(name, name)
    assert (documents.text_now(database, name), documents.text_now(database, "shop")) == (TINY, shipped.read_text())
    shipped.unlink()
    assert documents.is_edited("shop", name)


def test_there_is_an_end_to_how_many_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST", 1)
    documents.keep(database, TINY)
    documents.keep(database, TINY)
    with pytest.raises(ScenarioError, match=r"found 1 scenario files kept here; allowed: 1\."):
        documents.keep(database, TINY + "# another\n")
    assert kept(database) == 1


@pytest.mark.attack
@pytest.mark.parametrize("name", ["../secrets", "/etc/passwd", "nowhere", "a\x00b", "x" * 5_000])
def test_a_name_is_never_a_path(database: Database, name: str) -> None:
    with pytest.raises(ScenarioError, match="no scenario of this name comes with Ripple"):
        documents.text_now(database, name)
