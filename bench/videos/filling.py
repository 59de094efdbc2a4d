"""A gallery of many videos, as following their uploads would leave it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.ids import new_id
from quadrangle.sql.base.database import Database
from quadrangle.sql.videos import passages, rows
from quadrangle.videos.model import Caption, Details, Passage, Status, Video, Visibility

BATCH = 5_000
RARE = "zeppelin"  # in the titles of ten videos, however many there are
_RARE_VIDEOS = 10
_OWN_VIDEOS = 15  # of whoever looks
_TEACHERS = 500
_CAPTIONED = "captioned"  # the teacher of a hundredth of all, whose videos have captions
_KINDS = {Visibility.PUBLIC: 40, Visibility.CAMPUS: 40, Visibility.PRIVATE: 20}
# Of how many videos a word is in title or description; the others are seldom, as in any language
_WORDS = {"rotation": 0.1, "torsion": 0.01, "energy": 0.2, "field": 0.15, "matrix": 0.05}
_SELDOM = 20_000
_CUES = 5


class _Drawn(msgspec.Struct, frozen=True):
    """What one video has of its own."""

    number: int
    at: str
    kind: Visibility
    teacher: str
    title: str
    description: str


# Both rows of a video as the product writes them; those of others are made like it
_Pattern = tuple[dict[str, Any], dict[str, Any]]
_Patterns = dict[tuple[Visibility, str], _Pattern]


async def fill(folder: Path, size: int, own_id: str) -> None:
    """Add `size` videos of many teachers and two years, some of them of the account `own_id`."""
    database = Database(f"sqlite:///{folder / 'quadrangle.db'}")
    teachers = [own_id, _CAPTIONED, *(f"teacher-{number}" for number in range(_TEACHERS))]
    patterns = await database.write(lambda c: _patterns(c, teachers))
    drawn = _drawn(size, own_id)
    while batch := list(itertools.islice(drawn, BATCH)):
        await database.write(lambda c, batch=batch: _add(c, batch, patterns))
    await database.write(_finish)
    await database.close()


def _drawn(size: int, own_id: str) -> Iterator[_Drawn]:
    chance = random.Random(7)
    now, step = datetime.now(UTC), timedelta(days=730) / size
    rare = {number * size // _RARE_VIDEOS for number in range(_RARE_VIDEOS)}
    own = {number * size // _OWN_VIDEOS for number in range(_OWN_VIDEOS)}
    kinds, weights = list(_KINDS), list(_KINDS.values())
    for number in range(size):
        drawn = chance.randrange(100 * _TEACHERS)
        teacher = _CAPTIONED if drawn < _TEACHERS else f"teacher-{drawn % _TEACHERS}"
        words = [word for word, share in _WORDS.items() if chance.random() < share]
        words += [f"w{int(_SELDOM ** chance.random())}" for _ in range(8)]
        chance.shuffle(words)
        yield _Drawn(
            number=1 + number,
            at=to_text(now - step * (size - number)),
            kind=Visibility.PUBLIC if number in rare else chance.choices(kinds, weights)[0],
            teacher=own_id if number in own else teacher,
            title=" ".join(words[:4] + ([RARE] if number in rare else [])),
            description=" ".join(words[4:]),
        )


def _patterns(connection: Connection, teachers: list[str]) -> _Patterns:
    return {(kind, each): _pattern(connection, kind, each) for kind in _KINDS for each in teachers}


def _pattern(connection: Connection, kind: Visibility, teacher: str) -> _Pattern:
    now = datetime.now(UTC)
    caption = Caption(language="en", label="English", file="en-1.vtt")
    video = Video(
        user_id=teacher,
        title="Mechanics",
        key=new_id(),
        visibility=kind,
        status=Status.READY,
        duration=2_700.0,
        resolution="1920x1080",
        video_codec="h264",
        audio_codec="aac",
        file_size=700_000_000,
        created_at=to_text(now),
        updated_at=to_text(now),
        details=Details(
            owner_name="Ada Teacher",
            folder="r-01234567",
            captions=(caption,) if teacher == _CAPTIONED else (),
        ),
    )
    added = rows.add(connection, video, now)
    known = {"id": added.video_id}
    row = connection.execute(text("SELECT * FROM gallery_videos WHERE id = :id"), known)
    found = connection.execute(text("SELECT * FROM video_search WHERE rowid = :id"), known)
    pattern = dict(row.mappings().one()), dict(found.mappings().one())
    rows.remove(connection, added)
    return pattern


def _add(connection: Connection, batch: list[_Drawn], patterns: _Patterns) -> None:
    made, found = [], []
    for each in batch:
        row, words = patterns[each.kind, each.teacher]
        texts = {"title": each.title, "description": each.description}
        new = {"id": each.number, "s3_key": new_id(), "created_at": each.at, "updated_at": each.at}
        said = _say(connection, each) if each.teacher == _CAPTIONED else ""
        made.append({**row, **texts, **new})
        found.append({**words, **texts, "rowid": each.number, "said": said})
    for table, lines in (("gallery_videos", made), ("video_search", found)):
        columns, places = ", ".join(lines[0]), ", ".join(f":{name}" for name in lines[0])
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), lines)


def _say(connection: Connection, drawn: _Drawn) -> str:
    """Have its captions say the words of its description; return all that is said."""
    texts = [f"{drawn.description} {number}" for number in range(_CUES)]
    caption = Caption(language="en", label="English", file="en-1.vtt")
    said = [Passage(5_000 * number, line) for number, line in enumerate(texts)]
    video = Video(
        video_id=drawn.number,
        user_id=drawn.teacher,
        title=drawn.title,
        key=new_id(),
        file_size=1,
        created_at=drawn.at,
        updated_at=drawn.at,
        details=Details(captions=(caption,)),
    )
    passages.add(connection, video, {caption.file: said})
    return passages.words_said(connection, drawn.number)


def _finish(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM video_totals")
    connection.exec_driver_sql(
        "INSERT INTO video_totals (list, n) SELECT CASE WHEN shelf IN ('public', 'campus')"
        " THEN shelf ELSE 'own:' || user_id END, count(*) FROM gallery_videos GROUP BY 1"
    )
    connection.exec_driver_sql("ANALYZE")
