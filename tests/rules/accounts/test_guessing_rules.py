"""Which new passwords are refused: common ones however they are dressed up, and one's own words."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from quadrangle.accounts import rules
from quadrangle.accounts.secrets import guessing_rules
from quadrangle.accounts.secrets.generated import make_password
from quadrangle.kernel.errors import InvalidInput
from tests.properties import examples

EMAIL, NAME = "zoe.quill@uni.example", "Zoë Quill-Okafor"
COMMON = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= 4]
LEET = str.maketrans("aeiost", "@31057")


def refused(password: str, email: str = EMAIL, name: str = NAME) -> bool:
    try:
        rules.check_new_password(password, email, name=name)
    except InvalidInput as error:
        (fault,) = error.errors
        assert fault.message.endswith(".")
        return True
    return False


def stretched(word: str) -> str:
    """Return a word, as often as makes it long enough to be looked at."""
    return word * -(-rules.PASSWORD_LENGTH[0] // len(word))


@settings(max_examples=examples(60))
@given(
    st.sampled_from(COMMON),
    st.sampled_from([str, str.upper, str.capitalize, lambda word: word.translate(LEET)]),
    st.sampled_from(["", "1", "!", "12", "99"]),
)
def test_common_passwords_are_refused_however_they_are_written(word, dress, tail):
    assert refused(stretched(dress(word)) + tail)


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "password123",
        "P@ssw0rd2026!",
        "iloveyou2024",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "ababababab",
        "monkeydragon",
        "letmein12345",
        "football1990",
        "21.11.2026ab",
        "ＰＡＳＳＷＯＲＤ１２３",
    ],
)
def test_what_guessers_try_first_is_refused(password):
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "Quill.Okafor1",
        "zoequill2026",
        "Z0equ1ll!!99",
        "Z0equ1ll2026",
        "quadrangle!!1",
        "Campus-2026-x",
        "Uni.Campus.7",
        EMAIL,
        "zoë quill okafor",
    ],
)
def test_what_is_made_of_ones_name_address_or_campus_is_refused(password):
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "seven blue kettles",
        "a better phrase",
        "Zoe sings off-key on Mondays",
        "x7#Kq9!vTz2m",
        "größere Öfen knistern",
        "鍵は机の引き出しの中にある",
    ],
)
def test_phrases_and_random_ones_are_taken(password):
    assert not refused(password)


def test_made_passwords_are_taken():
    for _ in range(20):
        assert not refused(make_password())


@settings(max_examples=examples(60))
@given(st.text(max_size=220), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_either_taken_or_refused_with_a_sentence(password, email, name):
    first = refused(password, email, name)
    assert refused(password, email, name) is first  # nothing is remembered between


def test_one_persons_words_do_not_bind_another():
    assert refused("okafor okafor 12")
    assert guessing_rules.is_guessed_soon("okaforokafor", ["okafor"])
    assert not refused("okafor sings at noon", name="Bo")


@pytest.mark.parametrize("signs", ["4@8({[<3690!1|17$5+%2'", "{+9[361@$|57", "5<8(|{1"])
@pytest.mark.parametrize("length", [40, 200])
def test_no_password_takes_long_to_look_at(signs, length):
    assert not refused("a fine phrase of many words")  # the lists are loaded by now
    began = time.process_time()
    refused((signs * length)[:length])
    assert time.process_time() - began < 0.6  # all ways to read all signs took several seconds


def test_letters_written_by_many_signs_are_read():
    assert refused("p@$$w0rd|!3y+")
    assert not refused("{+9[361@$|57")
