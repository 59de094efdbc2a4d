"""Lists that are narrowed or sorted otherwise: counted row by row, which plain lists are not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from quadrangle.sql.videos import audiences, rows, search
from quadrangle.sql.videos.course_tables import video_course_items as items
from quadrangle.sql.videos.tables import gallery_videos
from quadrangle.videos.model import Captions, Filters, Length, Sort, VideoQuery

_MOST_HITS = 5000  # of those found by words, the best ones
_BOUNDS_S = {Length.SHORT: (0, 600), Length.MEDIUM: (600, 1800), Length.LONG: (1800, 10**9)}
_columns = gallery_videos.c
_SORTS: dict[Sort, Sequence[Any]] = {
    Sort.NEWEST: (),
    Sort.OLDEST: (_columns.id,),
    Sort.VIEWS: (_columns.views.desc(),),
    Sort.LONGEST: (func.coalesce(_columns.duration, 0).desc(),),
    Sort.SHORTEST: (func.coalesce(_columns.duration, 10**9),),
    Sort.TITLE: (func.lower(_columns.title),),
}


def find(
    connection: Connection, query: VideoQuery, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return the numbers of one page of a list, and how many there are in all."""
    hits: list[int] | None = None
    fits = and_(_for_reader(query), *_narrowed(query.filters))
    if query.words:
        hits, _ = search.find(connection, query, 0, _MOST_HITS)
        fits = and_(fits, _columns.id.in_(hits))
    if hits is not None and query.filters.sort is None:
        found = set(connection.execute(select(_columns.id).where(fits)).scalars())
        best = [each for each in hits if each in found]
        return best[offset : offset + limit], len(best)
    total = select(func.count()).select_from(gallery_videos).where(fits)
    order = _SORTS[query.filters.sort or Sort.NEWEST]
    page = select(_columns.id).where(fits).order_by(*order, _columns.id.desc())
    ids = connection.execute(page.limit(limit).offset(offset)).scalars()
    return list(ids), connection.execute(total).scalar_one()


def _for_reader(query: VideoQuery) -> Any:
    if query.only_own:
        own = _columns.user_id == query.owner_id
        return own if query.status is None else own & (_columns.status == query.status.value)
    shelves = [each for each in rows.OPEN_SHELVES if each == "public" or query.campus]
    ways = [_columns.shelf.in_(shelves)]
    if query.owner_id is not None:
        reached = _columns.id.in_(audiences.reached_by(query.owner_id))
        ways += [_columns.user_id == query.owner_id, (_columns.shelf == "shared") & reached]
    return or_(*ways)


def _narrowed(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.visibility is not None:
        found.append(_columns.visibility == filters.visibility.value)
    if filters.course_id is not None:
        inside = select(items.c.video_id).where(items.c.course_id == filters.course_id)
        found.append(_columns.id.in_(inside))
    if filters.length is not None:
        least, most = _BOUNDS_S[filters.length]
        found += [_columns.duration >= least, _columns.duration < most]
    if filters.captions is not None:
        found.append(_columns.captioned == (1 if filters.captions is Captions.WITH else 0))
    return found
