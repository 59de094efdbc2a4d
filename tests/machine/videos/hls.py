"""Whether a rendered film is what its playlists say (RFC 8216, and the authoring specification)."""

import re
import subprocess
from pathlib import Path

import msgspec

from tests.machine.videos.boxes import IDR, Sample, first_slice, samples, timescale

TARGET_S = 4.0
SERVED = re.compile(r"[a-z0-9][a-z0-9._-]*\.(m3u8|m4s|mp4|m4a|jpg|webp|vtt)")


class Rendition(msgspec.Struct, kw_only=True):
    """One media playlist with what its files really hold."""

    name: str
    init: Path
    segments: list[Path]
    told: list[float]
    samples: list[list[Sample]]
    text: str

    @property
    def end(self) -> float:
        return max(each.shown + each.length for each in self.samples[-1])

    @property
    def start(self) -> float:
        return min(each.shown for each in self.samples[0])

    @property
    def duration(self) -> float:
        return sum(self.told)

    def rates(self) -> tuple[float, float]:
        """Return the average and the peak in bits a second, from the files."""
        sizes = [8 * segment.stat().st_size for segment in self.segments]
        most = [
            size / told
            for size, told in zip(sizes, self.told, strict=True)
            if told >= TARGET_S / 2 or len(sizes) == 1
        ]
        return sum(sizes) / self.duration, max(most)


class Variant(msgspec.Struct, kw_only=True):
    attributes: dict[str, str]
    rendition: Rendition


class Film(msgspec.Struct, kw_only=True):
    variants: list[Variant]
    sound: Rendition | None
    text: str


def read_film(folder: Path) -> Film:
    """Read the master and all it names."""
    text = (folder / "master.m3u8").read_text()
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U"
    variants, sound = [], None
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("#EXT-X-MEDIA:"):
            told = attributes(line)
            assert told["TYPE"] == "AUDIO"
            assert told["GROUP-ID"]
            assert told["NAME"]
            sound = read_rendition(folder, told["URI"])
        if line.startswith("#EXT-X-STREAM-INF:"):
            variants.append(
                Variant(attributes=attributes(line), rendition=read_rendition(folder, following))
            )
    return Film(variants=variants, sound=sound, text=text)


def attributes(line: str) -> dict[str, str]:
    found = re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line.partition(":")[2])
    return {name: value.strip('"') for name, value in found}


def read_rendition(folder: Path, name: str) -> Rendition:
    path = folder / name
    text = path.read_text()
    lines = text.splitlines()
    init = path.parent / re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)[0]
    names = [line for line in lines if line and not line.startswith("#")]
    segments = [path.parent / each for each in names]
    scale = timescale(init)
    return Rendition(
        name=name,
        init=init,
        segments=segments,
        told=[float(each) for each in re.findall(r"#EXTINF:([\d.]+),", text)],
        samples=[samples(segment, scale) for segment in segments],
        text=text,
    )


def require_conformance(folder: Path) -> Film:
    """Fail unless all of it is true; return it for more questions."""
    film = read_film(folder)
    assert film.variants
    for variant in film.variants:
        _require_whole(variant.rendition)
        if "RESOLUTION" in variant.attributes:
            _require_picture(variant, film.sound)
    _require_alike([variant.rendition for variant in film.variants])
    if film.sound is not None:
        _require_whole(film.sound)
        for variant in film.variants:
            assert variant.attributes["AUDIO"] in film.text
            assert abs(variant.rendition.end - film.sound.end) < 0.1
            assert abs(variant.rendition.start - film.sound.start) < 0.05
    for path in folder.rglob("*"):
        if path.is_file():
            assert SERVED.fullmatch(path.name), path.name
            assert len(path.relative_to(folder).parts) <= 2
            assert not path.is_symlink()
    return film


def _require_whole(rendition: Rendition) -> None:
    text = rendition.text
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in text
    assert text.rstrip().endswith("#EXT-X-ENDLIST")
    target = int(re.findall(r"#EXT-X-TARGETDURATION:(\d+)", text)[0])
    assert len(rendition.told) == len(rendition.segments)
    for told, held in zip(rendition.told, rendition.samples, strict=True):
        assert round(told) <= target
        assert abs(told - sum(each.length for each in held)) < 0.05
    for told in rendition.told[:-1]:
        assert abs(told - TARGET_S) <= 0.5


def _require_picture(variant: Variant, sound: Rendition | None) -> None:
    rendition, told = variant.rendition, variant.attributes
    for segment in rendition.segments:
        assert first_slice(segment) == IDR, segment
    facts = _probe(rendition)
    width, height = int(facts["width"]), int(facts["height"])
    assert told["RESOLUTION"] == f"{width}x{height}"
    assert width % 2 == 0
    assert height % 2 == 0
    assert facts["sample_aspect_ratio"] == "1:1"
    assert facts["pix_fmt"] == "yuv420p"
    assert facts["field_order"] == "progressive"
    assert "rotation" not in facts
    _require_codecs(told["CODECS"], facts, sound)
    shown = sum(len(each) for each in rendition.samples)
    assert abs(float(told["FRAME-RATE"]) / (shown / rendition.duration) - 1) < 0.01
    average, peak = rendition.rates()
    if sound is not None:
        average, peak = average + sound.rates()[0], peak + sound.rates()[1]
    assert abs(int(told["AVERAGE-BANDWIDTH"]) / average - 1) < 0.1
    assert abs(int(told["BANDWIDTH"]) / peak - 1) < 0.1
    assert int(told["BANDWIDTH"]) <= 2 * int(told["AVERAGE-BANDWIDTH"])


def _require_codecs(told: str, facts: dict[str, str], sound: Rendition | None) -> None:
    picture, *others = told.split(",")
    profiles = {"Constrained Baseline": 0x42, "Main": 0x4D, "High": 0x64}
    assert int(picture[5:7], 16) == profiles[facts["profile"]]
    assert int(picture[9:11], 16) == int(facts["level"])
    assert others == ([] if sound is None else ["mp4a.40.2"])


def _require_alike(renditions: list[Rendition]) -> None:
    """All rungs are cut at the same instants."""
    first = renditions[0]
    for other in renditions[1:]:
        assert len(other.segments) == len(first.segments)
        for one, two in zip(first.samples, other.samples, strict=True):
            assert abs(one[0].shown - two[0].shown) < 0.01


def _probe(rendition: Rendition) -> dict[str, str]:
    """Return what ffprobe says of the picture's stream."""
    content = rendition.init.read_bytes() + rendition.segments[0].read_bytes()
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "default=nw=1", "-i", "pipe:0"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.decode().splitlines() if "=" in line)


def decoded_frames(rendition: Rendition) -> int:
    """Return how many pictures a decoder makes of it, all without complaint."""
    content = b"".join(path.read_bytes() for path in [rendition.init, *rendition.segments])
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", "pipe:0", "-f", "framecrc", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    assert done.stderr == b""
    return sum(not line.startswith(b"#") for line in done.stdout.splitlines())
