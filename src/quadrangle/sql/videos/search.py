"""The index of words of videos, as both databases want it.

Who may find a video is in the index too, as words that nobody types: so hits are counted and ranked
by the index alone.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from quadrangle.sql.videos import audiences
from quadrangle.videos.gallery.search_words import words_in
from quadrangle.videos.model import Video, VideoQuery
from quadrangle.videos.sharing.model import Audience

# Whoever has all words in the title stands before whoever has some of them in the description, and
# those before who has some in captions alone; the newest first in each. Ranks by how often a word
# is said would have SQLite read all of the index that every word has, for each search.
_FTS5 = {
    "remove": text("DELETE FROM video_search WHERE rowid = :id"),
    "add": text(
        "INSERT INTO video_search (rowid, title, description, said, facets)"
        " VALUES (:id, :title, :description, :said, :facets)"
    ),
    "count": text("SELECT count(*) FROM video_search WHERE video_search MATCH :query"),
    "page": text(
        "SELECT rowid FROM video_search WHERE video_search MATCH :query"
        " ORDER BY rowid DESC LIMIT :most"
    ),
}
_TSVECTOR = {
    "remove": text("DELETE FROM video_search WHERE id = :id"),
    "add": text(
        "INSERT INTO video_search (id, words) VALUES (:id,"
        " setweight(to_tsvector('simple', :title), 'A')"
        " || setweight(to_tsvector('simple', :description), 'B')"
        " || setweight(to_tsvector('simple', :said), 'C')"
        " || setweight(to_tsvector('simple', :facets), 'D'))"
    ),
    "count": text("SELECT count(*) FROM video_search WHERE words @@ CAST(:query AS tsquery)"),
    "page": text(
        "SELECT id FROM video_search WHERE words @@ CAST(:query AS tsquery)"
        " ORDER BY words @@ CAST(:titled AS tsquery) DESC,"
        " words @@ CAST(:described AS tsquery) DESC, id DESC"
        " LIMIT :limit OFFSET :offset"
    ),
}


def index(connection: Connection, video: Video, shelf: str, audience: Audience, said: str) -> None:
    """Have a video be found by its words as they are now, by those who may; `said` are those of
    its captions."""
    remove(connection, video.video_id)
    facets = [_owned(video.user_id), *([_shelved(shelf)] if shelf else [])]
    if shelf == "shared":
        facets += map(_naming, audience.people)
        facets += map(_in_course, audience.courses)
    values = {
        "id": video.video_id,
        "title": " ".join(words_in(video.title)),
        "description": " ".join(words_in(video.description)),
        "said": said,
        "facets": " ".join(facets),
    }
    connection.execute(_statements(connection)["add"], values)


def remove(connection: Connection, video_id: int) -> None:
    """Have a video be found no more."""
    connection.execute(_statements(connection)["remove"], {"id": video_id})


def find(
    connection: Connection, query: VideoQuery, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return the numbers of some hits, the best first, and how many there are."""
    is_fts5 = connection.dialect.name == "sqlite"
    facets = _facets(connection, query)
    write = _fts5 if is_fts5 else _tsquery
    titled, described, written = (write(query, facets, places) for places in (1, 2, 3))
    count = _statements(connection)["count"]
    total = connection.execute(count, {"query": written}).scalar_one()
    if offset >= total:
        return [], total
    if is_fts5:
        return _best(connection, (titled, described, written), offset + limit)[offset:], total
    values = {"query": written, "titled": titled, "described": described}
    values |= {"limit": limit, "offset": offset}
    return list(connection.execute(_TSVECTOR["page"], values).scalars()), total


def _best(connection: Connection, wider_and_wider: Sequence[str], most: int) -> list[int]:
    """Return so many hits of queries of which each has all that the one before it has: those of the
    first come first. No more of the index is read than they need."""
    found: dict[int, None] = {}
    for query in wider_and_wider:
        hits = connection.execute(_FTS5["page"], {"query": query, "most": most}).scalars()
        found |= dict.fromkeys(hits)
        if len(found) >= most:
            break
    return list(found)[:most]


def _statements(connection: Connection) -> dict[str, Any]:
    return _FTS5 if connection.dialect.name == "sqlite" else _TSVECTOR


def _owned(user_id: str) -> str:
    return "zqo" + _short(user_id)


def _naming(account_id: str) -> str:
    return "zqp" + _short(account_id)


def _in_course(course_id: str) -> str:
    return "zqc" + _short(course_id)


def _short(text_: str) -> str:
    return hashlib.sha256(text_.encode()).hexdigest()[:16]


def _shelved(shelf: str) -> str:
    return f"zqs{shelf}"


def _facets(connection: Connection, query: VideoQuery) -> list[str]:
    own = [] if query.owner_id is None else [_owned(query.owner_id)]
    if query.only_own:
        return own
    if query.owner_id is not None:
        own.append(_naming(query.owner_id))
        own += map(_in_course, audiences.courses_of(connection, query.owner_id))
    return [_shelved("public"), *([_shelved("campus")] if query.campus else []), *own]


_COLUMNS, _WEIGHTS = ("title", "description", "said"), "ABC"


def _fts5(query: VideoQuery, allowed: Sequence[str], places: int) -> str:
    """Return a query for words in the title, or the title and the description, and so on."""
    *whole, last = query.words
    words = " AND ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    facets = " OR ".join(f'"{facet}"' for facet in allowed)
    return f"({{{' '.join(_COLUMNS[:places])}}} : ({words})) AND ({{facets}} : ({facets}))"


def _tsquery(query: VideoQuery, allowed: Sequence[str], places: int) -> str:
    """Return the same as _fts5."""
    *whole, last = query.words
    weights = _WEIGHTS[:places]
    words = " & ".join([*(f"'{word}':{weights}" for word in whole), f"'{last}':*{weights}"])
    facets = " | ".join(f"'{facet}':D" for facet in allowed)
    return f"({words}) & ({facets})"
