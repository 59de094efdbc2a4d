"""The program in the sandbox: hears a file and writes the words it hears, one JSON line a time.

It stands alone: it is run by its path, with nothing of ours beside it. Called with the model's
folder, a language ("" to find it out), and a number of threads; the sound is at /in. Lines are
`{"language": "en"}`, once, `{"words": [[start, end, "word"], …]}` and `{"done": seconds}`. A long
film is heard in blocks that end where it is quiet, so that memory does not grow with its length.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

RATE = 16_000
BLOCK_S = 240
LOOK_BACK_S = 30  # how far before the end of a block a quiet place is looked for
QUIET_S = 0.2
DECODE = [
    *("ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe"),
    *("-format_whitelist", "mov", "-codec_whitelist", "aac", "-i", "file:/in", "-map", "0:a:0"),
    *("-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"),
]


def main() -> int:
    """Hear all of it. Returns 0 when it was heard to its end."""
    folder, language, threads = sys.argv[1], sys.argv[2] or None, int(sys.argv[3])
    from faster_whisper import WhisperModel  # type: ignore[import-not-found]

    model = WhisperModel(
        folder,
        device="cpu",
        compute_type="int8",
        cpu_threads=threads,
        num_workers=1,
        local_files_only=True,
    )
    with subprocess.Popen(DECODE, stdout=subprocess.PIPE) as decoding:
        done = 0.0
        for samples in blocks(decoding.stdout):
            language = hear(model, samples, done, language)
            done += len(samples) / RATE
            say({"done": round(done, 3)})
    return decoding.returncode


def hear(model: Any, samples: Any, at: float, language: str | None) -> str:
    """Write the words of one block that begins at second `at`; return its language."""
    segments, info = model.transcribe(
        samples,
        language=language,
        beam_size=2,
        vad_filter=True,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    if at == 0:
        say({"language": info.language})
    for segment in segments:
        words = [
            [round(at + word.start, 3), round(at + word.end, 3), word.word]
            for word in segment.words or ()
        ]
        if words:
            say({"words": words})
    return info.language


def blocks(stream: Any) -> Iterator[Any]:
    """Yield the sound in parts that end where it is quiet."""
    import numpy  # type: ignore[import-not-found]

    rest = numpy.zeros(0, numpy.float32)
    while True:
        wanted = BLOCK_S * RATE - len(rest)
        raw = stream.read(2 * wanted)
        fresh = numpy.frombuffer(raw[: len(raw) // 2 * 2], numpy.int16).astype(numpy.float32)
        rest = numpy.concatenate([rest, fresh / 32768.0])
        if len(raw) < 2 * wanted:
            if len(rest):
                yield rest
            return
        end = quietest(rest)
        yield rest[:end]
        rest = rest[end:]


def quietest(samples: Any) -> int:
    """Return the sample in the middle of the quietest moment near the end."""
    width = int(QUIET_S * RATE)
    first = max(0, len(samples) - LOOK_BACK_S * RATE)
    tail = samples[first:]
    count = len(tail) // width
    loudness = (tail[: count * width].reshape(count, width) ** 2).mean(axis=1)
    return first + int(loudness.argmin()) * width + width // 2


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
