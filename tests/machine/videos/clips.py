"""Small films for tests, made by ffmpeg and by hand: what people's devices make, and what they must
not send. Each is made once a run.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path], None]
MAKERS: dict[str, Maker] = {}


class Clips:
    """Makes clips by name, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> Path:
        path = self._folder / name
        if not path.exists():
            making = self._folder / f"making-{name}"
            MAKERS[name](making)
            making.rename(path)
        return path


def clip(name: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return register


def ffmpeg(*arguments: str | Path) -> None:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    subprocess.run([*command, *map(str, arguments)], check=True)


def picture(size: str, rate: int, seconds: float) -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"]


def tone(seconds: float, volume: str = "1") -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=440:d={seconds},volume={volume}"]


X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


@clip("plain.mp4")
def plain(path: Path) -> None:
    """Ten seconds that need nothing but a smaller copy, and yet not a copy of its packets: its
    keyframes are too far apart."""
    ffmpeg(
        *picture("640x360", 30, 10), *tone(10), *X264, "-g", "90", "-c:a", "aac", "-f", "mp4", path
    )


@clip("fit.mp4")
def fit(path: Path) -> None:
    """Its packets can be the top rung."""
    coding = ["-profile:v", "high", "-g", "60", "-bf", "2", "-sc_threshold", "0", "-b:v", "500k"]
    coding += ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    ffmpeg(*picture("640x360", 30, 8), *tone(8), *coding, "-c:a", "aac", "-f", "mp4", path)


@clip("open_gop.mp4")
def open_gop(path: Path) -> None:
    """As fit.mp4, but only its first keyframe is one that players can begin at."""
    coding = ["-g", "60", "-bf", "2", "-x264-params", "open-gop=1:scenecut=0", "-b:v", "500k"]
    coding += ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    ffmpeg(*picture("640x360", 30, 8), *coding, "-f", "mp4", path)


@clip("silent.mp4")
def silent(path: Path) -> None:
    ffmpeg(*picture("320x180", 25, 3), *X264, "-f", "mp4", path)


@clip("late.mp4")
def late(path: Path) -> None:
    """The picture begins a second and a half after the sound."""
    source = ["-itsoffset", "1.5", *picture("320x180", 30, 3)]
    ffmpeg(*source, *tone(4.5), *X264, "-c:a", "aac", "-f", "mp4", path)


@clip("quick.mp4")
def quick(path: Path) -> None:
    ffmpeg(*picture("320x180", 120, 2), *X264, "-f", "mp4", path)


@clip("hdr.mp4")
def hdr(path: Path) -> None:
    words = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]
    params = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    coding = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"]
    ffmpeg(*picture("320x180", 30, 1), *coding, "-x265-params", params, *words, "-f", "mp4", path)


@clip("cover.mp3")
def cover(path: Path) -> None:
    still = path.with_suffix(".png")
    ffmpeg("-f", "lavfi", "-i", "color=red:s=300x200:d=1", "-frames:v", "1", "-f", "image2", still)
    maps = ["-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "copy"]
    ffmpeg(*tone(5), "-i", still, *maps, "-disposition:v", "attached_pic", "-f", "mp3", path)
    still.unlink()


@clip("quiet.wav")
def quiet(path: Path) -> None:
    ffmpeg(*tone(12, "0.02"), "-f", "wav", path)


# -- the cases of people who do this job -----------------------------------------------------


@clip("live.webm")
def live(path: Path) -> None:
    """A browser's recording: no duration, uneven times, nothing new for four seconds."""
    select = "select='if(between(t,4,8),eq(mod(n,90),0),not(eq(mod(n,7),3)))'"
    uneven = f"{select},settb=1/1000,setpts='round(PTS+4*sin(N))'"
    coding = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "400k"]
    timing = ["-vf", uneven, "-vsync", "passthrough", "-enc_time_base", "1:1000"]
    whole = path.with_suffix(".whole")
    source = [*picture("640x360", 30, 12), *tone(12)]
    with whole.open("wb") as file:  # a pipe cannot be sought in: no duration is written
        command = ["ffmpeg", "-loglevel", "error", *source, *timing, *coding, "-c:a", "libopus"]
        made = subprocess.run([*command, "-f", "webm", "-"], check=True, stdout=subprocess.PIPE)
        file.write(_without_frame_time(made.stdout))
    whole.rename(path)


def _without_frame_time(webm: bytes) -> bytes:
    """Void DefaultDuration, which MediaRecorder leaves out."""
    content = bytearray(webm)
    at = content.find(b"\x23\xe3\x83")
    length = 4 + (content[at + 3] & 0x7F)
    content[at : at + length] = b"\xec" + bytes([0x80 | (length - 2)]) + bytes(length - 2)
    return bytes(content)


@clip("rot.mp4")
def rot(path: Path) -> None:
    """A phone's clip that lies on its side, with the note to turn it."""
    base = path.with_suffix(".base")
    coding = ["-profile:v", "high", "-g", "60", "-bf", "0"]
    ffmpeg(*picture("640x360", 30, 4), *tone(4), *X264, *coding, "-c:a", "aac", "-f", "mp4", base)
    ffmpeg("-i", base, "-c", "copy", "-metadata:s:v:0", "rotate=90", "-f", "mp4", path)
    base.unlink()


@clip("odd.mp4")
def odd(path: Path) -> None:
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"]
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=1163x767:r=30:d=1", *coding, "-f", "mp4", path)


@clip("screen.mp4")
def screen(path: Path) -> None:
    """Variable rate; keyframes at 0, 2, 6.47 s and then none."""
    still = ["-vf", "select='if(lt(t,4),1,eq(mod(n,97),0))'", "-vsync", "vfr"]
    source = [*picture("320x180", 30, 20), *tone(20)]
    ffmpeg(*source, *still, *X264, "-g", "60", "-c:a", "aac", "-f", "mp4", path)


@clip("slides.mp4")
def slides(path: Path) -> None:
    """A still picture with one lively stretch."""
    source = ["-f", "lavfi", "-i", "color=white:s=640x360:r=30:d=40", *picture("640x360", 30, 40)]
    lively = ["-filter_complex", "[0][1]overlay=enable='between(t,20,26)'"]
    ffmpeg(*source, *lively, *X264, "-crf", "23", "-g", "60", "-f", "mp4", path)


@clip("pal.mp4")
def pal(path: Path) -> None:
    """Interlaced, and its pixels are wide."""
    woven = ["-vf", "tinterlace=interleave_top,fieldorder=tff,setsar=64/45"]
    coding = [*X264, "-flags", "+ildct+ilme", "-x264opts", "tff=1"]
    ffmpeg(*picture("720x576", 50, 2), *woven, *coding, "-f", "mp4", path)


@clip("change.ts")
def change(path: Path) -> None:
    """Two sizes in one stream, whose clock begins anew."""
    parts = [path.with_suffix(f".{number}") for number in range(2)]
    for part, size in zip(parts, ("320x180", "640x360"), strict=True):
        ffmpeg(*picture(size, 30, 3), *X264, "-f", "mpegts", part)
    with path.open("wb") as whole:
        for part in parts:
            whole.write(part.read_bytes())
            part.unlink()


# -- what must not harm ------------------------------------------------------------------------


@clip("truncated.mp4")
def truncated(path: Path) -> None:
    whole = path.with_suffix(".whole")
    source = [*picture("320x180", 30, 12), *tone(12), *X264, "-c:a", "aac"]
    ffmpeg(*source, "-movflags", "+faststart", "-f", "mp4", whole)
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    whole.unlink()


@clip("no_index.mp4")
def no_index(path: Path) -> None:
    whole = path.with_suffix(".whole")
    ffmpeg(*picture("320x180", 30, 2), *X264, "-f", "mp4", whole)
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    whole.unlink()


@clip("rate_bomb.mp4")
def rate_bomb(path: Path) -> None:
    ffmpeg(*picture("64x64", 1000, 2), *X264, "-f", "mp4", path)


@clip("size_bomb.mp4")
def size_bomb(path: Path) -> None:
    """Little to send, much to decode: told to be as small in the header of its container."""
    source = ["-f", "lavfi", "-i", "color=black:s=8192x4320:r=1:d=1"]
    ffmpeg(*source, "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-f", "mp4", path)


@clip("streams_bomb.mkv")
def streams_bomb(path: Path) -> None:
    maps = [part for _ in range(40) for part in ("-map", "0")]
    ffmpeg(*tone(0.2), *maps, "-c:a", "pcm_s16le", "-f", "matroska", path)


@clip("long_bomb.mp4")
def long_bomb(path: Path) -> None:
    """One picture a quarter of an hour, for ten hours."""
    source = ["-f", "lavfi", "-i", "color=black:s=64x64:r=1/900:d=36000"]
    ffmpeg(*source, *X264, "-f", "mp4", path)


@clip("polyglot.mp4")
def polyglot(path: Path) -> None:
    """A page and an archive to others, yet a film to players."""
    page = "title=<html><script>alert(1)</script></html>"
    coding = [*X264, "-movflags", "+faststart", "-metadata", page]
    ffmpeg(*picture("320x180", 30, 1), *coding, "-f", "mp4", path)
    with path.open("ab") as file:
        file.write(b"PK\x05\x06" + bytes(18))


@clip("shifted.mp4")
def shifted(path: Path) -> None:
    """Its table of contents is right in all but where things lie: each packet is noise."""
    whole = path.with_suffix(".whole")
    ffmpeg(*picture("320x180", 30, 1), *X264, "-movflags", "+faststart", "-f", "mp4", whole)
    content = whole.read_bytes()
    first = int.from_bytes(content[:4], "big")
    path.write_bytes(
        content[:first] + (47).to_bytes(4, "big") + b"free" + bytes(39) + content[first:]
    )
    whole.unlink()


def disguised(folder: Path, secret: Path) -> dict[str, Path]:
    """Write files that are called films and ask a reader to open `secret`."""
    texts = {
        "playlist.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n",
        "concat.mp4": f"ffconcat version 1.0\nfile 'file:{secret}'\n",
        "session.mp4": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\na={secret}\n",
        "dash.mp4": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period>"
        f"<BaseURL>file://{secret}</BaseURL></Period></MPD>",
        "subtitles.mp4": f"[Script Info]\nAudio File: {secret}\nVideo File: {secret}\n",
        "ssa.mp4": f"1\n00:00:00,000 --> 00:00:01,000\n<img src=file://{secret}>\n",
        "vector.mp4": f"<svg xmlns='http://www.w3.org/2000/svg'><image href='file://{secret}'/></svg>",
        "meta.mp4": f";FFMETADATA1\ntitle={secret}\n",
    }
    made = {}
    for name, text in texts.items():
        made[name] = folder / name
        made[name].write_text(text)
    return made


def is_installed() -> bool:
    return shutil.which("ffmpeg") is not None
