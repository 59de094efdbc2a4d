"""What ffmpeg is told to make pictures of a film, and one file of its sound."""

from collections.abc import Sequence

from quadrangle.videos.processing.command_rules import PIPE, SOURCE
from quadrangle.videos.processing.storyboard_rules import COLUMNS, ROWS, Storyboard

_QUIET = ("ffmpeg", "-hide_banner", "-v", "error", "-y")
_RENDITION = ("-protocol_whitelist", "file,pipe", "-format_whitelist", "mov")  # our own
SCORE = "lavfi.scene_score"
_CHOSEN_FROM = 12  # keyframes, of which the one is taken that is most like all
_POSTER_SIDE = 1280


def poster_command(name: str) -> list[str]:
    """Return the command that chooses a picture from the keyframes of a rendition."""
    return [
        *_keyframes(),
        *(
            "-vf",
            f"thumbnail=n={_CHOSEN_FROM}",
            "-frames:v",
            "1",
            "-q:v",
            "4",
            "-update",
            "1",
            name,
        ),
    ]


def cover_command(index: int, given: Sequence[str], name: str) -> list[str]:
    """Return the command that makes the cover of a sound file anew; `given` limits its input."""
    side = f"min({_POSTER_SIDE},iw)"
    return [
        *(*_QUIET, "-nostdin", *given, "-i", SOURCE, "-map", f"0:{index}"),
        *("-vf", f"scale=w='{side}':h=-2:out_range=pc,setsar=1,format=yuvj420p"),
        *("-map_metadata", "-1", "-frames:v", "1", "-q:v", "4", "-update", "1", name),
    ]


def storyboard_command(board: Storyboard, pattern: str) -> list[str]:
    """Return the command that puts a tile for each interval on sheets, numbered from 0.

    It writes how far each keyframe differs from the one before it, for slide_rules.
    """
    rest = 2 * board.interval  # the last keyframe stands for what comes after it
    filters = [
        "select='gte(scene,0)'",  # all of them, each with how far it differs from the one before
        f"metadata=mode=print:key={SCORE}:file=-",
        f"fps=1/{board.interval}:start_time=0:round=near:eof_action=pass",
        f"tpad=stop_mode=clone:stop_duration={rest}",
        f"trim=end_frame={board.tiles}",
        f"scale={board.width}:{board.height}:out_range=pc",
        "setsar=1",
        "format=yuvj420p",
        f"tile={COLUMNS}x{ROWS}",
    ]
    return [
        *_keyframes(),
        *(
            "-vf",
            ",".join(filters),
            "-fps_mode",
            "passthrough",
            "-q:v",
            "6",
            "-start_number",
            "0",
            pattern,
        ),
    ]


def _keyframes() -> list[str]:
    return [*_QUIET, "-skip_frame", "nokey", *_RENDITION, "-i", PIPE, "-an"]


def sound_command(name: str) -> list[str]:
    """Return the command that makes one file of the sound's rendition."""
    copied = ("-map", "0:a:0", "-c", "copy", "-movflags", "+faststart", "-f", "mp4", name)
    return [*_QUIET, *_RENDITION, "-i", PIPE, *copied]
