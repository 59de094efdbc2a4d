"""What ffmpeg and ffprobe are told, as lists of arguments. Nothing of them comes from a client.

`source` is what they read: the file at a fixed place in the sandbox, or their standard input.
"""

from collections.abc import Sequence

from quadrangle.videos.processing.filter_rules import picture_graph, sound_graph
from quadrangle.videos.processing.ladder_rules import Rendition
from quadrangle.videos.processing.making_model import AUDIO, INDEX, INIT, SOUND_BITS, Making
from quadrangle.videos.processing.timing_rules import GROUP_S, SEGMENT_S

SOURCE = "file:/in"
PIPE = "pipe:0"

# Containers that hold their own content. Not among them: lists of other files (hls, concat, dash),
# scripts and subtitles that name files, pictures by pattern, and raw streams.
FORMATS = (
    *("mov", "matroska", "webm", "avi", "mpegts", "mpeg", "flv", "ogg", "asf", "mxf", "dv"),
    *("mp3", "aac", "flac", "wav", "w64", "aiff", "amr", "caf", "ac3", "eac3"),
)
# Decoders that films of people need. Few, as each is code that reads bytes of strangers.
CODECS = (
    *("h264", "hevc", "vp8", "vp9", "libdav1d", "mpeg1video", "mpeg2video", "mpeg4"),
    *("msmpeg4", "msmpeg4v2", "h263", "flv", "wmv1", "wmv2", "wmv3", "vc1", "mjpeg", "png"),
    *("prores", "dnxhd", "theora", "dvvideo"),
    *("aac", "aac_latm", "mp3", "mp3float", "mp2", "mp2float", "opus", "libopus", "vorbis"),
    *("flac", "alac", "ac3", "eac3", "dca", "wmav1", "wmav2", "wmapro", "amrnb", "amrwb"),
    *("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_u8"),
    *("pcm_f32le", "pcm_f32be", "pcm_mulaw", "pcm_alaw", "adpcm_ms", "adpcm_ima_wav"),
    *("adpcm_ima_qt", "libspeex", "speex"),
)
# ffprobe opens a decoder for every stream, and ends where it may not. It decodes none of these.
_OPENED_ONLY = (
    *("mov_text", "ass", "ssa", "srt", "subrip", "webvtt", "text", "dvdsub", "dvbsub", "pgssub"),
    *("xsub", "cc_dec", "libzvbi_teletextdec"),
)
_MOST_STREAMS = 100


def limits(pixels: int, *, probing: bool = False) -> list[str]:
    """Return the options before an input of strangers."""
    codecs = (*CODECS, *_OPENED_ONLY) if probing else CODECS
    return [
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", ",".join(FORMATS)),
        *("-codec_whitelist", ",".join(codecs), "-max_streams", str(_MOST_STREAMS)),
        *("-max_pixels", str(pixels)),
    ]


def look_at_headers(pixels: int) -> list[str]:
    """Return the command that writes what headers say, as JSON."""
    return [
        *("ffprobe", "-v", "error", *limits(pixels, probing=True)),
        *("-show_streams", "-show_format", "-of", "json", "-i", SOURCE),
    ]


def count_packets(pixels: int) -> list[str]:
    """Return the command that writes a line for each packet:
    `stream|shown|decoded|length|size|flags`, times in seconds or `N/A`."""
    fields = "stream_index,pts_time,dts_time,duration_time,size,flags"
    return [
        *("ffprobe", "-v", "error", *limits(pixels, probing=True)),
        *("-show_entries", f"packet={fields}", "-of", "compact=p=0:nk=1", "-i", SOURCE),
    ]


def find_idr(index: int, pixels: int) -> list[str]:
    """Return the command that writes a line for each packet of H.264 that any player can begin at,
    and others that begin with `#`."""
    return [
        *("ffmpeg", "-nostdin", "-v", "error", *limits(pixels), "-i", SOURCE),
        *("-map", f"0:{index}", "-c", "copy"),
        *("-bsf:v", "h264_mp4toannexb,filter_units=pass_types=5", "-f", "framecrc", "pipe:1"),
    ]


def transcode(making: Making, pixels: int) -> list[str]:
    """Return the one pass that decodes a film once and writes every rendition, growing."""
    threads = [] if making.threads == 0 else ["-threads", str(making.threads)]
    return [
        *("ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y"),
        *("-progress", "pipe:1", "-stats_period", "0.5", "-nostats"),
        *(*threads, *limits(pixels), "-i", SOURCE),
        *_graphs(making),
        *(part for output in _outputs(making, threads) for part in output),
    ]


def _graphs(making: Making) -> list[str]:
    """Two graphs: one is made anew when the picture's size changes, and must not end the sound."""
    graphs = [picture_graph(making)]
    if making.film.sound is not None:
        graphs.append(sound_graph(making.film.sound, making))
    return [part for graph in graphs if graph for part in ("-filter_complex", graph)]


def _outputs(making: Making, threads: Sequence[str]) -> list[list[str]]:
    encoded = 0
    outputs = []
    for rendition in making.renditions:
        if rendition.copied:
            outputs.append(_copied(making, rendition))
        else:
            outputs.append(
                [*_encoded(making, rendition, encoded), *threads, *_into(rendition.folder)]
            )
            encoded += 1
    if making.film.sound is not None:
        sound = ["-map", "[a]", "-c:a", "aac", "-b:a", str(SOUND_BITS), "-ac", "2"]
        outputs.append([*sound, *_CLEAN, *_into(AUDIO)])
    return outputs


_CLEAN = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")


def _copied(making: Making, rendition: Rendition) -> list[str]:
    index = 0 if making.film.picture is None else making.film.picture.index
    return ["-map", f"0:{index}", "-c:v", "copy", *_CLEAN, *_into(rendition.folder)]


def _encoded(making: Making, rendition: Rendition, number: int) -> list[str]:
    """Constant quality within a bound. Where the top is a copy, keyframes are where its are."""
    follows = any(each.copied for each in making.renditions)
    keys = "source" if follows else f"expr:gte(t,n_forced*{GROUP_S:g})"
    group = round(making.rate * int(GROUP_S)) + (1 if follows else 0)
    return [
        *("-map", f"[v{number}]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
        *("-maxrate", str(rendition.most_bits), "-bufsize", str(rendition.most_bits)),
        *("-profile:v", "high", "-pix_fmt", "yuv420p", *_looking_ahead(making)),
        *("-r", f"{making.rate.numerator}/{making.rate.denominator}"),
        *("-g", str(group), "-sc_threshold", "0", "-force_key_frames", keys, "-forced-idr", "1"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-color_range", "tv", *_CLEAN),
    ]


def _looking_ahead(making: Making) -> list[str]:
    """Return how many frames may be coded out of order: programs that read times by the order of
    decoding see the picture that much late, so it is to be no more than some hundredths."""
    if making.rate >= _SMOOTH:
        return ["-bf", "3"]
    return ["-bf", "2", "-x264-params", "b-pyramid=none"] if making.rate >= _SLOW else ["-bf", "0"]


_SMOOTH, _SLOW = 29, 20  # frames a second


def _into(folder: str) -> list[str]:
    """Write segments and a playlist that grows; each file is there whole or not at all.

    Times of packets begin at 0 as CMAF has it: else the picture would come as late as its
    encoder looks ahead, and the sound not.
    """
    return [
        *("-f", "hls", "-hls_time", f"{SEGMENT_S:g}", "-hls_playlist_type", "event"),
        *("-hls_segment_type", "fmp4", "-hls_flags", "independent_segments+temp_file"),
        *("-hls_segment_options", "movflags=+frag_custom+dash+delay_moov+cmaf"),
        *("-hls_fmp4_init_filename", INIT),
        *("-hls_segment_filename", f"{folder}/%05d.m4s", f"{folder}/{INDEX}"),
    ]
