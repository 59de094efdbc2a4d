"""Which issues may be about the same thing, the likeliest first, and why.

Pure: what is looked for in a store is `questions`, what is made of the answers is `ranked`.
"""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from quadrangle.issues.model import Issue, Status
from quadrangle.issues.overview.search_text import words
from quadrangle.issues.ports import IssueQuery
from quadrangle.kernel.clock import from_text

CANDIDATES = 20  # looked at for each question
MOST = 8
RECENT = timedelta(days=14)
FEWEST_WORDS = 2  # in common, of issues that are at different places
_WORDS_ASKED = 3
_SHORTEST = 4
_LONGEST = 40  # longer ones are no words, and not every store takes them for one
# What any report may say tells nothing.
_COMMON = frozenset(
    words(
        """
        about after again also always another anybody anyone because been before being broke
        broken cannot could dear does doing doesn done down during each even ever every everything
        fault faulty fixed from give gives have having hello help here into issue just like long
        look made make many more most much must need needs never next none nothing often once only
        other our over please problem quite really regards report reported room same seems several
        should since some someone something sometimes still stopped such than thank thanks that
        their them then there these they thing this those time today tomorrow until very want
        wants week well went were what when where which while will with without work working works
        would year yesterday your
        """
    )
)


class Similar(msgspec.Struct, frozen=True):
    """An issue, and what it has in common with another: `words` as that one has them."""

    issue: Issue
    same_type: bool
    same_place: bool
    words: list[str]


def questions(issue: Issue) -> list[IssueQuery]:
    """Return the lists whose newest issues may be similar."""
    longest_first = sorted(_telling(issue), key=lambda word: (-len(word), word))
    return [
        IssueQuery(issue_type=issue.issue_type, location=issue.location),
        IssueQuery(location=issue.location),
        *(
            IssueQuery(issue_type=issue.issue_type, text=word)
            for word in longest_first[:_WORDS_ASKED]
        ),
    ]


def ranked(issue: Issue, found: Iterable[Issue]) -> list[Similar]:
    """Return at most MOST of what was found, each original once, the likeliest first."""
    best: dict[str, Similar] = {}
    by_rank = sorted(
        filter(None, (_compared(issue, each) for each in found)),
        key=lambda each: (-_weight(issue, each), _apart(issue, each.issue), each.issue.issue_id),
    )
    for each in by_rank:
        # a duplicate stands for its original, which is what a link to it leads to
        best.setdefault(each.issue.duplicate_of or each.issue.issue_id, each)
    for own in (issue.issue_id, issue.duplicate_of):
        best.pop(own or "", None)
    return list(best.values())[:MOST]


def _compared(issue: Issue, other: Issue) -> Similar | None:
    same_type = issue.issue_type == other.issue_type
    same_place = issue.location == other.location
    telling = _telling(issue)
    common = [telling[word] for word in telling.keys() & _telling(other).keys()]
    at_place = same_place and (same_type or _apart(issue, other) <= RECENT)
    if not at_place and not (same_type and len(common) >= FEWEST_WORDS):
        return None
    return Similar(other, same_type, same_place, sorted(common, key=lambda w: (-len(w), w)))


def _weight(issue: Issue, similar: Similar) -> int:
    near = _apart(issue, similar.issue) <= RECENT
    open_ = similar.issue.status is not Status.RESOLVED
    place = 3 * similar.same_place + similar.same_type
    return place + 2 * min(len(similar.words), 4) + 2 * near + open_


def _apart(issue: Issue, other: Issue) -> timedelta:
    return abs(from_text(issue.created_at) - from_text(other.created_at))


def _telling(issue: Issue) -> dict[str, str]:
    """Return the words that tell what an issue is about, as search has them, by how they are
    written there."""
    found: dict[str, str] = {}
    for written in issue.description.split():
        for word in words(written):
            tells = _SHORTEST <= len(word) <= _LONGEST and word not in _COMMON
            if tells and word not in found:
                found[word] = written if words(written) == [word] else word
    return {word: _bare(written) for word, written in found.items()}


def _bare(written: str) -> str:
    """Return a word without the signs around it."""
    start = next((i for i, sign in enumerate(written) if sign.isalnum()), 0)
    end = next((i for i, sign in enumerate(reversed(written)) if sign.isalnum()), 0)
    return written[start : len(written) - end]
