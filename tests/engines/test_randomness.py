import ast
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.engines import randomness
from sim.engines.randomness import DURATION, GAP, RAIN, Luck, key_of, philox, tie_of, uniform

WORD = st.integers(0, 2**64 - 1)
SIM = Path(__file__).parents[2] / "sim"
PURPOSES = {
    name: value
    for name, value in vars(randomness).items()
    if name.isupper() and isinstance(value, int) and name[0] != "_"
}
PLACES = [0, key_of("bay"), key_of("tills")]


def ours(key: tuple[int, ...], counter: tuple[int, ...]) -> list[int]:
    return [int(word) for word in philox(*(np.uint64(word) for word in (*key, *counter)))]


def numpys(key: tuple[int, ...], counter: tuple[int, ...]) -> list[int]:
    """The block at that counter; numpy adds 1 to the counter before its first block."""
    before = (sum(word << 64 * i for i, word in enumerate(counter)) - 1) % 2**256
    words = [before >> 64 * i & 2**64 - 1 for i in range(4)]
    bits = np.random.Philox(key=np.array(key, np.uint64), counter=np.array(words, np.uint64))
    return [int(word) for word in bits.random_raw(4)]


@pytest.mark.parametrize(
    ("key", "counter", "answer"),
    [
        ((0,) * 2, (0,) * 4, "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b"),
        (
            (2**64 - 1,) * 2,
            (2**64 - 1,) * 4,
            "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
        ),
        (
            (0x452821E638D01377, 0xBE5466CF34E90C6C),
            (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_philox_gives_the_published_answers_of_random123(
    key: tuple[int, ...], counter: tuple[int, ...], answer: str
) -> None:
    published = [int(word, 16) for word in answer.split()]
    assert ours(key, counter) == published
    assert numpys(key, counter) == published


@given(st.tuples(WORD, WORD), st.tuples(WORD, WORD, WORD, WORD))
def test_philox_equals_numpys_word_for_word(key: tuple[int, ...], counter: tuple[int, ...]) -> None:
    assert ours(key, counter) == numpys(key, counter)


def test_philox_equals_numpys_on_many_random_blocks() -> None:
    words = np.random.default_rng(7).integers(0, 2**64, (3_000, 6), np.uint64).tolist()
    for word in words:
        assert ours(tuple(word[:2]), tuple(word[2:])) == numpys(tuple(word[:2]), tuple(word[2:]))


@pytest.mark.parametrize("purpose", PURPOSES.values(), ids=PURPOSES.keys())
def test_a_draw_is_the_middle_of_one_of_two_to_the_52_cells_of_its_word(purpose: int) -> None:
    block = numpys((11, 3 << 32 | 2), (5, 9, key_of("bay"), (purpose // 4) << 32 | 6))
    cell = block[purpose % 4] >> 12
    assert uniform(11, 3 << 32 | 2, 5, 9, key_of("bay"), purpose, 6) == (cell + 0.5) / 2**52


def counter_of_block(block: list[int]) -> list[int]:
    """The counter at which Philox with key (0, 0) gives this block: its ten rounds backwards."""
    words, one, other = block, 0xD2E7470EE14C6C93, 0xCA5A826395121157
    for step in range(9, -1, -1):
        key_0, key_1 = (weyl * step % 2**64 for weyl in (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B))
        c_0, c_2 = words[3] * pow(one, -1, 2**64) % 2**64, words[1] * pow(other, -1, 2**64) % 2**64
        words = [c_0, words[0] ^ c_2 * other >> 64 ^ key_0, c_2, words[2] ^ c_0 * one >> 64 ^ key_1]
    return words


@pytest.mark.parametrize(("word", "drawn"), [(0, 2.0**-53), (2**64 - 1, 1 - 2.0**-53)])
def test_even_the_most_extreme_word_gives_neither_0_nor_1(word: int, drawn: float) -> None:
    block = next(block for last in range(1_000) if (block := counter_of_block([word, 5, 6, last]))[3] < 2**62)
    assert numpys((0, 0), tuple(block))[0] == word
    who, visit, place = np.array(block[:3], np.uint64).astype(np.int64).tolist()
    assert uniform(0, 0, who, visit, place, block[3] >> 32 << 2, block[3] % 2**32) == drawn


def test_uniforms_lie_strictly_between_0_and_1_and_are_uniform() -> None:
    drawn = Luck(20_260_105, 0).each(np.arange(200_000), key_of("bay"), GAP)
    assert 0 < drawn.min() < 1e-4
    assert 1 - 1e-4 < drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.01


def test_neighbouring_visits_purposes_and_customers_are_uncorrelated() -> None:
    who = np.arange(20_000)
    lanes = [Luck(1, 0).each(who, key_of("bay"), purpose) for purpose in (8, 9, 10, 12)]
    lanes += [Luck(1, 1).each(who, key_of("bay"), 8), np.roll(lanes[0], 1)]
    correlations = np.corrcoef(lanes)[np.triu_indices(len(lanes), 1)]
    assert np.abs(correlations).max() < 4 / np.sqrt(who.size)


def test_every_purpose_has_a_number_of_its_own() -> None:
    assert len(PURPOSES) > 20
    assert len(set(PURPOSES.values())) == len(PURPOSES)


def test_no_two_draws_with_different_keys_are_the_same_number() -> None:
    keys = list(product((1, 2), (0, 1, 1 << 32), range(4), range(4), PLACES, PURPOSES.values(), range(3)))
    drawn = {uniform(*key) for key in keys}
    assert len(drawn) == len(keys) > 19_000


def test_replications_and_sites_have_streams_of_their_own() -> None:
    streams = {Luck(1, replication, site).stream for replication in range(50) for site in range(50)}
    assert len(streams) == 2_500


@given(st.integers(0, 2**31), st.integers(0, 1000), st.integers(0, 99))
def test_one_by_one_and_all_at_once_are_the_same_luck(seed: int, replication: int, site: int) -> None:
    luck, who = Luck(seed, replication, site), np.array([0, 1, 7, 2**29, 2**30 + 5])
    one_by_one = [uniform(seed, luck.stream, customer, 0, key_of("rain"), RAIN, 0) for customer in who.tolist()]
    assert luck.each(who, key_of("rain"), RAIN).tolist() == one_by_one


def test_nothing_drawn_before_changes_a_draw() -> None:
    alone = uniform(1, 0, 5, 3, key_of("tills"), DURATION, 1)
    Luck(1, 0).each(np.arange(100), key_of("tills"), DURATION)
    assert uniform(1, 0, 5, 3, key_of("tills"), DURATION, 1) == alone


def test_keys_of_names_are_the_same_in_every_process_for_ever() -> None:
    assert key_of("bay") == 2_413_242_789_003_332_123
    assert key_of("trolleys") == 7_074_105_372_089_352_194
    assert key_of("rain") == 2_199_149_194_571_063_663


@given(st.text(max_size=40))
def test_keys_fit_a_signed_word(name: str) -> None:
    assert 0 <= key_of(name) < 2**63


def test_a_tie_is_24_bits_evenly_spread() -> None:
    assert (tie_of(2.0**-53), tie_of(1 - 2.0**-53)) == (0, 2**24 - 1)
    ties = np.array([tie_of(u) for u in Luck(1, 0).each(np.arange(4_000), 0, 4)])
    assert stats.kstest(ties / 2**24, "uniform").pvalue > 0.01


def foreign_luck(source: str) -> set[str]:
    """Modules of random numbers that a source uses."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in ("random", "secrets", "numpy.random")}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
            found |= {name for name in names if name in ("random", "secrets", "numpy.random")}
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random"):
            found.add("numpy.random")
        elif isinstance(node, ast.Attribute) and node.attr in ("rvs", "default_rng", "urandom", "uuid4"):
            found.add(node.attr)
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import random as r",
        "from random import random",
        "import numpy.random",
        "from numpy import random as r",
        "from numpy.random import default_rng",
        "import numpy as np\nnp.random.seed(1)",
        "stats.norm.rvs(3)",
    ],
)
def test_the_search_for_foreign_luck_finds_it(source: str) -> None:
    assert foreign_luck(source)


def test_the_simulator_draws_no_luck_but_its_own() -> None:
    keepers = (SIM / "workshop", SIM / "saved")  # their codes, tokens and ids must not be guessed, and decide no figure
    sources = [path for path in sorted(SIM.rglob("*.py")) if path.parent not in keepers]
    assert len(sources) > 20
    found = {str(path.relative_to(SIM)): foreign_luck(path.read_text(encoding="utf-8")) for path in sources}
    assert not {path: names for path, names in found.items() if names}
