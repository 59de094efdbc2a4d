"""The storyboard: small pictures of the whole film on sheets, and the text that finds them."""

import math

import msgspec

COLUMNS, ROWS = 5, 5
_WIDTH = 160
_MOST_TILES = 400  # of a long film: sheets stay few
_INTERVALS_S = (2, 4, 8, 12, 20, 30, 40, 60, 80, 120, 240)


class Storyboard(msgspec.Struct, frozen=True, kw_only=True):
    """Tiles of `width` x `height` pixels, one for every `interval` seconds until the end."""

    interval: int
    width: int
    height: int
    tiles: int

    @property
    def sheets(self) -> int:
        return math.ceil(self.tiles / (COLUMNS * ROWS))


def storyboard(duration: float, width: int, height: int) -> Storyboard:
    """Return the storyboard of a film whose smallest rung has that size."""
    interval = next(
        (each for each in _INTERVALS_S if duration / each <= _MOST_TILES), _INTERVALS_S[-1]
    )
    side = _WIDTH if width >= height else _WIDTH * 9 // 16
    tile = max(2, 2 * round(side * height / width / 2))
    return Storyboard(
        interval=interval,
        width=2 * (side // 2),
        height=tile,
        tiles=max(1, math.ceil(round(duration / interval, 3))),
    )


def storyboard_text(board: Storyboard, duration: float, sheets: list[str]) -> str:
    """Return the WebVTT of the storyboard; `sheets` are its pictures' names in order."""
    cues = ["WEBVTT", ""]
    for tile in range(board.tiles):
        start = tile * board.interval
        end = duration if tile == board.tiles - 1 else start + board.interval
        sheet, place = divmod(tile, COLUMNS * ROWS)
        row, column = divmod(place, COLUMNS)
        x, y = column * board.width, row * board.height
        cues += [
            f"{_time(start)} --> {_time(end)}",
            f"{sheets[sheet]}#xywh={x},{y},{board.width},{board.height}",
            "",
        ]
    return "\n".join(cues)


def _time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{rest // 1000:02}.{rest % 1000:03}"
