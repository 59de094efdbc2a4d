"""What is said in videos, cue by cue: searched for the moment at which words are said."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from quadrangle.sql.videos.tables import video_passages
from quadrangle.videos.gallery.search_words import missing_words, words_in
from quadrangle.videos.model import Moment, Passage, Video

# All different words of a video's captions, in bytes: PostgreSQL's index holds 1 MB of one row.
_MOST_SAID = 400_000
_FTS5 = {
    "add": text(
        "INSERT INTO video_passage_search (rowid, words, video) VALUES (:id, :words, :facet)"
    ),
    "remove": text("DELETE FROM video_passage_search WHERE rowid = :id"),
    "find": text(
        "SELECT rowid FROM video_passage_search WHERE video_passage_search MATCH :query"
        " ORDER BY bm25(video_passage_search, 1.0, 0.0), rowid LIMIT 1"
    ),
}
_TSVECTOR = {
    "add": text(
        "INSERT INTO video_passage_search (id, video_id, words)"
        " VALUES (:id, :video_id, to_tsvector('simple', :words))"
    ),
    "remove": text("DELETE FROM video_passage_search WHERE id = :id"),
    "find": text(
        "SELECT id FROM video_passage_search WHERE video_id = :video_id"
        " AND words @@ CAST(:query AS tsquery)"
        " ORDER BY ts_rank(words, CAST(:query AS tsquery)) DESC, id LIMIT 1"
    ),
}


def add(connection: Connection, video: Video, said: Mapping[str, Sequence[Passage]]) -> None:
    """Have new files of captions be found, in the order of what is said."""
    for caption in video.details.captions:
        texts = said.get(caption.file, ())
        found_by = [" ".join(words_in(passage.text)) for passage in texts]
        values = [
            {
                "video_id": video.video_id,
                "file": caption.file,
                "language": caption.language,
                "start_ms": passage.start,
                "text": passage.text,
            }
            for passage, words in zip(texts, found_by, strict=True)
            if words
        ]
        if values:
            _add(connection, video.video_id, values, [words for words in found_by if words])


def _add(
    connection: Connection, video_id: int, values: list[dict[str, Any]], found_by: list[str]
) -> None:
    """Add rows and have each be found by its words."""
    added = insert(video_passages).returning(video_passages.c.id, sort_by_parameter_order=True)
    numbers = connection.execute(added, values).scalars().all()
    facet = _facet(video_id)
    connection.execute(
        _statements(connection)["add"],
        [
            {"id": number, "video_id": video_id, "words": words, "facet": facet}
            for number, words in zip(numbers, found_by, strict=True)
        ],
    )


def keep_only(connection: Connection, video: Video) -> None:
    """Forget what is in files that the video names no more."""
    files = [caption.file for caption in video.details.captions]
    _forget(connection, _of(video.video_id) & video_passages.c.file.not_in(files))


def remove(connection: Connection, video_id: int) -> None:
    """Forget all that is said in a video."""
    _forget(connection, _of(video_id))


def words_said(connection: Connection, video_id: int) -> str:
    """Return every word that is said in a video, once each."""
    query = select(video_passages.c.text).where(_of(video_id)).order_by(video_passages.c.id)
    words = dict.fromkeys(
        word for said in connection.execute(query).scalars() for word in words_in(said)
    )
    kept: list[str] = []
    size = 0
    for word in words:
        size += len(word.encode()) + 1
        if size > _MOST_SAID:
            break
        kept.append(word)
    return " ".join(kept)


def moments(
    connection: Connection, words: tuple[str, ...], videos: Sequence[Video]
) -> dict[int, Moment]:
    """Return the moment of each video that has one: where all words are said together, else where
    most of those are that stand neither in the title nor in the description."""
    found: dict[int, Moment] = {}
    for video in videos:
        if not video.details.captions:
            continue
        passage = _find(connection, video.video_id, words, words[-1], together=True)
        missing = missing_words(words, video.title, video.description)
        if passage is None and missing:
            passage = _find(connection, video.video_id, missing, words[-1], together=False)
        if passage is not None:
            found[video.video_id] = _moment(connection, passage)
    return found


def _find(
    connection: Connection, video_id: int, words: tuple[str, ...], last: str, *, together: bool
) -> int | None:
    """Return the number of the best passage; `last` is a word that may go on."""
    if connection.dialect.name == "sqlite":
        each = [f'"{word}"*' if word == last else f'"{word}"' for word in words]
        wanted = (" AND " if together else " OR ").join(each)
        query = f'(words : ({wanted})) AND (video : "{_facet(video_id)}")'
        values = {"query": query}
    else:
        each = [f"'{word}':*" if word == last else f"'{word}'" for word in words]
        values = {"query": (" & " if together else " | ").join(each), "video_id": video_id}
    return connection.execute(_statements(connection)["find"], values).scalar()


def _moment(connection: Connection, number: int) -> Moment:
    row = connection.execute(select(video_passages).where(video_passages.c.id == number)).one()
    return Moment(row.start_ms, row.text, row.language)


def _forget(connection: Connection, which: Any) -> None:
    numbers = connection.execute(select(video_passages.c.id).where(which)).scalars().all()
    if numbers:
        statement = _statements(connection)["remove"]
        connection.execute(statement, [{"id": number} for number in numbers])
        connection.execute(delete(video_passages).where(which))


def _of(video_id: int) -> Any:
    return video_passages.c.video_id == video_id


def _facet(video_id: int) -> str:
    """Return the word, which nobody types, that all passages of a video have."""
    return f"zqv{video_id}"


def _statements(connection: Connection) -> dict[str, Any]:
    return _FTS5 if connection.dialect.name == "sqlite" else _TSVECTOR
