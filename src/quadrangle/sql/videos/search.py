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

_TITLE, _DESCRIPTION = 6.0, 1.0  # how much a word weighs there
_FTS5 = {
    "remove": text("DELETE FROM video_search WHERE rowid = :id"),
    "add": text(
        "INSERT INTO video_search (rowid, title, description, facets)"
        " VALUES (:id, :title, :description, :facets)"
    ),
    "count": text("SELECT count(*) FROM video_search WHERE video_search MATCH :query"),
    "page": text(
        "SELECT rowid FROM video_search WHERE video_search MATCH :query"
        f" ORDER BY bm25(video_search, {_TITLE}, {_DESCRIPTION}, 0.0), rowid DESC"
        " LIMIT :limit OFFSET :offset"
    ),
}
_TSVECTOR = {
    "remove": text("DELETE FROM video_search WHERE id = :id"),
    "add": text(
        "INSERT INTO video_search (id, words) VALUES (:id,"
        " setweight(to_tsvector('simple', :title), 'A')"
        " || setweight(to_tsvector('simple', :description), 'B')"
        " || setweight(to_tsvector('simple', :facets), 'D'))"
    ),
    "count": text("SELECT count(*) FROM video_search WHERE words @@ CAST(:query AS tsquery)"),
    "page": text(
        "SELECT id FROM video_search WHERE words @@ CAST(:query AS tsquery)"
        " ORDER BY ts_rank('{0, 0, 0.17, 1}', words, CAST(:query AS tsquery)) DESC, id DESC"
        " LIMIT :limit OFFSET :offset"
    ),
}


def index(connection: Connection, video: Video, shelf: str, audience: Audience) -> None:
    """Have a video be found by its words as they are now, by those who may."""
    remove(connection, video.video_id)
    facets = [_owned(video.user_id), *([_shelved(shelf)] if shelf else [])]
    if shelf == "shared":
        facets += map(_naming, audience.people)
        facets += map(_in_course, audience.courses)
    values = {
        "id": video.video_id,
        "title": " ".join(words_in(video.title)),
        "description": " ".join(words_in(video.description)),
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
    written = _fts5(query, facets) if is_fts5 else _tsquery(query, facets)
    statements = _statements(connection)
    total = connection.execute(statements["count"], {"query": written}).scalar_one()
    values = {"query": written, "limit": limit, "offset": offset}
    return list(connection.execute(statements["page"], values).scalars()), total


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


def _fts5(query: VideoQuery, allowed: Sequence[str]) -> str:
    *whole, last = query.words
    words = " AND ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    facets = " OR ".join(f'"{facet}"' for facet in allowed)
    return f"({{title description}} : ({words})) AND ({{facets}} : ({facets}))"


def _tsquery(query: VideoQuery, allowed: Sequence[str]) -> str:
    *whole, last = query.words
    words = " & ".join([*(f"'{word}':AB" for word in whole), f"'{last}':*AB"])
    facets = " | ".join(f"'{facet}':D" for facet in allowed)
    return f"({words}) & ({facets})"
