"""How soon a password is guessed, by the lists of the library zxcvbn (Wheeler, USENIX 2016).

Pure. A common password in disguise is recognised by its letters. Of others the library reckons how
many tries a guesser needs who knows the most used passwords, names and words, keyboard rows, dates
and the usual substitutions. It is imported with the first new password: its lists take a fifth of a
second to load, which most processes never need.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

# With fewer tries than these a password counts as guessed (the library's own step to “safely
# unguessable”). The limits on sign-in let some hundred tries a day through for one account.
ENOUGH_GUESSES = 10**8
# What is looked at: the work grows with the square of the length, to 30 ms at this one.
LONGEST_LOOKED_AT = 40
# The library tries each way to read so many different signs as letters; every further one doubles
# the work, to some seconds for all of them. With more they are all read in one way.
MOST_WAYS_TRIED = 6
FEWEST_OTHER_LETTERS = 4  # besides known words
SHORTEST_WORD = 2
SHORTEST_COMMON = 3
CAMPUS_WORDS = ("quadrangle", "campus", "college", "university", "student", "teacher", "staff")

_WORD = re.compile(r"[^\W\d_]+")
# Signs that stand for letters, and letters that are taken for each other then.
_SUBSTITUTED = str.maketrans("4@8360|!1l$57+2", "aabeboiiiissttz")
_SIGNS_FOR_LETTERS = frozenset("4@8({[<3690!1|7$5+%2")  # those of the library
_READ_AS = str.maketrans("4@8({[<3690!1|7$5+%2", "aabcccceggoiiitsstxz")
_REPEATED = re.compile(r"(.{3,}?)\1+", re.DOTALL)
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
LONGEST_HEAD, LONGEST_TAIL = 2, 4  # digits and signs that people put around a word


def words_of(email: str, name: str) -> list[str]:
    """Return the words in small letters that somebody's password must not be made of."""
    own = [word.lower() for word in _WORD.findall(f"{email} {name}") if len(word) >= SHORTEST_WORD]
    return [*dict.fromkeys([*own, *CAMPUS_WORDS])]


def is_made_of(password: str, words: Iterable[str]) -> bool:
    """Tell whether a password is one or more of `words` and little besides: digits, signs, a letter
    or three."""
    longest_first = sorted(words, key=len, reverse=True)
    plain = password.lower()
    substituted = [word.translate(_SUBSTITUTED) for word in longest_first]
    for rest, known in (
        (plain, longest_first),
        # without digits at the ends, which would become letters
        (_ENDS.sub("", plain).translate(_SUBSTITUTED), substituted),
    ):
        for word in known:
            rest = rest.replace(word, "\n")
        letters = sum(sign.isalpha() for sign in rest)
        if "\n" in rest and letters < FEWEST_OTHER_LETTERS:
            return True
    return False


def is_guessed_soon(password: str, words: Iterable[str]) -> bool:
    """Tell whether a password is among the first that a guesser tries who knows `words`."""
    if any(core in _common() for core in _cores(password.lower().translate(_SUBSTITUTED))):
        return True
    looked_at = password[:LONGEST_LOOKED_AT]
    if len(_SIGNS_FOR_LETTERS.intersection(looked_at)) > MOST_WAYS_TRIED:
        looked_at = looked_at.translate(_READ_AS)
    return _estimate()(looked_at, words) < ENOUGH_GUESSES


def _cores(password: str) -> Iterator[str]:
    """Yield what may be the word in a password: without what people put around it, and once where
    it is repeated."""
    for head in range(LONGEST_HEAD + 1):
        for tail in range(LONGEST_TAIL + 1):
            core = password[head : len(password) - tail]
            yield core
            if repeated := _REPEATED.fullmatch(core):
                yield repeated[1]


@functools.cache
def _common() -> frozenset[str]:
    """The most used passwords, with every sign as the letter it may stand for."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = FREQUENCY_LISTS["passwords"]
    return frozenset(
        each.translate(_SUBSTITUTED) for each in listed if len(each) >= SHORTEST_COMMON
    )


@functools.cache
def _estimate() -> Callable[[str, Iterable[str]], float]:
    from zxcvbn import matching, scoring

    def estimate(password: str, words: Iterable[str]) -> float:
        # not by zxcvbn(), which keeps the words of the last caller for the next
        lists: Mapping[str, Any] = {
            **matching.RANKED_DICTIONARIES,
            "user_inputs": matching.build_ranked_dict(list(words)),
        }
        matches = matching.omnimatch(password, lists)
        return float(scoring.most_guessable_match_sequence(password, matches)["guesses"])

    return estimate
