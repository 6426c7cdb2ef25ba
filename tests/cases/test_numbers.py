"""Application and case numbers (D-09b, D-10a): no single slip goes unseen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cases.rules import (
    APPLICATION_PREFIX,
    CASE_PREFIX,
    draw_number,
    draw_query_code,
    normalise_number,
    normalise_query_code,
)
from cases.rules.numbers import ALPHABET

DAY = date(2026, 11, 20)
numbers = st.builds(
    lambda prefix, _: draw_number(prefix, DAY).replace("-", ""),
    st.sampled_from([APPLICATION_PREFIX, CASE_PREFIX]),
    st.integers(),
)


@given(numbers, st.data())
def test_any_one_wrong_character_is_detected(number, data):
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET).filter(lambda letter: letter != number[place]))
    slip = number[:place] + wrong + number[place + 1 :]

    assert normalise_number(slip, slip[:2]) is None


@given(numbers, st.data())
def test_two_neighbours_exchanged_are_detected(number, data):
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert swapped == number or normalise_number(swapped, swapped[:2]) is None


@given(numbers)
def test_a_number_is_read_however_it_was_typed(number):
    prefix = number[:2]
    stored = normalise_number(number, prefix)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number)

    assert stored is not None
    assert normalise_number(f" {stored.lower()} ", prefix) == stored
    assert normalise_number(full_width, prefix) == stored
    assert normalise_number(" ".join(number), prefix) == stored
    assert normalise_number(number[:10] + number[10:].replace("0", "O").replace("1", "l"), prefix) == stored


@given(st.text(max_size=60))
def test_any_text_is_answered_without_an_error(text):
    assert normalise_number(text, APPLICATION_PREFIX) is None
    normalise_query_code(text)


def test_a_number_tells_its_kind_and_day_and_no_other_kind_is_taken():
    number = draw_number(APPLICATION_PREFIX, DAY)

    assert number.startswith("SQ20261120-")
    assert normalise_number(number, CASE_PREFIX) is None


def test_drawn_numbers_and_codes_do_not_repeat():
    assert len({draw_number(CASE_PREFIX, DAY) for _ in range(2000)}) == 2000
    assert len({draw_query_code() for _ in range(2000)}) == 2000


def test_a_query_code_has_eighty_bits_and_is_read_without_its_dashes():
    code = draw_query_code()

    assert len(code.replace("-", "")) * 5 == 80
    assert normalise_query_code(code.replace("-", " ").lower()) == code
