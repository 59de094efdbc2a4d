"""One corpus of calls on both wings: what one machine answers, AWS answers."""

import re
from pathlib import Path
from typing import Any

from quadrangle.videos.http.routes import ROUTES
from tests.aws.videos.studio import IDS, Studio
from tests.aws.videos.wings import OnAws, Wing, on_one_machine, shape

# What one machine answers otherwise, and why AWS does not.
ELSEWHERE = {
    "Media": "media are on the distribution, /media/*",
    "Tus": "bytes go in parts past the API (uploads/parts.py)",
}
BEN = "ben@campus.example"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nRotation\n"
CUE = {"start": 1.0, "end": 2.0, "text": "Rotation"}
CHAPTER = {"start": 0, "title": "I"}
LINK = {"label": "Guests", "password": "open sesame"}
COURSE = {"title": "Solids", "openness": "campus"}

# Who, method, path, body; what a body brings is kept by `keep`: name = its field.
Call = tuple[str, str, str, Any, dict[str, str]]
V, C = "/api/gallery/videos/{video}", "/api/courses/{course}"


def call(who: str, asked: str, body: Any = None, **keep: str) -> Call:
    method, _, path = asked.partition(" ")
    return who, method, path, body, keep


CORPUS = [
    call("", "GET /api/gallery/health"),
    call("", "GET /health"),
    call("", "GET /api/stream/health"),
    call("", "GET /api/gallery/options"),
    call("ada", f"PUT {V}", {"title": "Rotation", "visibility": "unlisted"}, key="key"),
    call("ben", f"GET {V}"),
    call("ben", V.join(("GET ", "?key={key}"))),
    call("ada", f"POST {V}/link", {}, key="key"),
    call("ada", f"PUT {V}", {"visibility": "campus"}),
    call("ben", f"PUT {V}", {"title": "Mine"}),
    call("ben", "GET /api/gallery/videos?search=rotation"),
    call("ben", "GET /videos?limit=5"),
    call("", "GET /api/gallery/videos?mine=true"),
    call("ada", f"GET {V}"),
    call("ben", "GET /videos/{video}"),
    call("ben", "GET /api/gallery/videos/999"),
    call("ada", f"POST {V}/retry", {}),
    call("ada", f"PUT {V}/captions/en?label=English", VTT),
    call("ada", f"PUT {V}/captions/en", "no captions"),
    call("ben", f"GET {V}/captions"),
    call("ada", f"GET {V}/captions"),
    call("ben", f"GET {V}/captions/en", version="version"),
    call("ben", f"GET {V}/captions/en/file?format=srt"),
    call("ada", f"PUT {V}/captions/en/cues", {"version": "{version}", "cues": [CUE]}),
    call("ada", f"PUT {V}/captions/en/cues", {"version": "{version}", "cues": [CUE]}),
    call("ada", f"DELETE {V}/captions/en"),
    call("ada", f"PUT {V}/position", {"at": 9, "of": 60}),
    call("ada", f"PUT {V}/position", {"at": 61, "of": 60}),
    call("", f"PUT {V}/position", {"at": 9, "of": 60}),
    call("ada", f"GET {V}/position"),
    call("ada", "GET /api/gallery/positions"),
    call("ada", f"POST {V}/speech", {}),
    call("ada", f"DELETE {V}/speech"),
    call("ben", f"GET {V}/chapters"),
    call("ada", f"GET {V}/chapters", version="version"),
    call(
        "ada",
        f"PUT {V}/chapters",
        {"version": "{version}", "chapters": [{"start": 0, "title": "I"}]},
    ),
    call("ada", f"PUT {V}/offer", {"download": "film", "embed": True}),
    call("ada", f"PUT {V}/offer", {"embed_origins": ["https://elsewhere.example"]}),
    call("", "GET /embed/{video}"),
    call("", "POST /embed/{video}", {}),
    call("ben", f"PUT {V}/seen", {"seen": True}),
    call("", f"PUT {V}/seen", {"seen": True}),
    call("ada", f"PUT {V}/sharing", {"people": [BEN], "courses": []}),
    call("ada", f"PUT {V}/sharing", {"people": ["nobody@campus.example"], "courses": []}),
    call("ada", f"GET {V}/sharing"),
    call("ben", f"GET {V}/sharing"),
    call("ben", "GET /api/stream/{video}"),
    call("ben", "GET /api/stream/{video}?again=true&embedded=true"),
    call("ben", "GET /api/stream/{video}/qualities"),
    call("ben", "GET /api/stream/{video}/thumbnail"),
    call("", "GET /api/stream/{video}"),
    call("ada", f"GET {V}/plays?days=3"),
    call(
        "ada",
        f"POST {V}/links",
        {"label": "Guests", "password": "open sesame"},
        link="id",
        pass_key="key",
    ),
    call("ada", f"GET {V}/links"),
    call("", V.join(("GET ", "?key={pass_key}"))),
    call("", f"POST {V}/unlock", {"key": "{pass_key}", "password": "wrong"}),
    call("", f"POST {V}/unlock", {"key": "{pass_key}", "password": "open sesame"}, opened="key"),
    call("", "GET /api/stream/{video}?key={opened}"),
    call("ada", f"DELETE {V}/links/{{link}}"),
    call("", "GET /api/stream/{video}?key={opened}"),
    call("ada", "POST /api/courses", COURSE, course="id"),
    call("", "POST /api/courses", COURSE),
    call("ada", f"PUT {C}", {"description": "Of motion"}),
    call("ada", f"PUT {C}/videos", {"videos": ["{video}"]}),
    call("ada", f"POST {C}/members", {"email": BEN}),
    call("ada", f"GET {C}/members"),
    call("ben", f"GET {C}/members"),
    call("ada", f"POST {C}/teachers", {"email": "staff@campus.example"}),
    call("ada", f"GET {C}/teachers"),
    call("ben", f"GET {C}/teachers"),
    call("ada", f"PUT {C}/owner", {"email": "staff@campus.example"}),
    call("staff", f"PUT {C}/owner", {"email": "ada@campus.example"}),
    call("ada", f"DELETE {C}/teachers/{IDS['staff']}"),
    call("ben", f"GET {C}"),
    call("ben", "GET /api/courses"),
    call("ben", "GET /api/gallery/videos?course={course}"),
    call("ben", f"POST {C}/feed", {}, feed="url"),
    call("ben", f"GET {C}/feed"),
    call("", "GET {feed}"),
    call("", "GET {picture}"),
    call("ben", f"DELETE {C}/feed"),
    call("", "GET {feed}"),
    call("", "GET /podcast/none/7.m4a"),
    call("ben", f"DELETE {C}/members/{IDS['ben']}"),
    call("ada", f"DELETE {C}"),
    call("staff", "GET /api/gallery/processing"),
    call("ben", "GET /api/gallery/processing"),
    call("staff", "POST /api/gallery/processing/{video}/retry", {}),
    call("staff", "POST /api/gallery/processing/retry", {}),
    call("ada", "GET /api/uploads"),
    call("ada", "GET /api/uploads/{upload}"),
    call("ben", "GET /api/uploads/{upload}"),
    call("ada", "DELETE /api/uploads/{upload}"),
    call("ada", f"PUT {V}/film", {"keep": [{"from": 1, "to": 5}]}),
    call("ada", f"PUT {V}/film", {"keep": [{"from": 1, "to": 1.5}]}),
    call("ben", f"POST {V}/take-down", {"reason": "I dislike it."}),
    call("staff", f"POST {V}/take-down", {"reason": " "}),
    call("staff", f"POST {V}/give-back", {}),
    call("staff", f"POST {V}/take-down", {"reason": "It shows the exam."}),
    call("staff", "GET /api/gallery/taken-down"),
    call("ben", "GET /api/gallery/taken-down"),
    call("ada", f"PUT {V}", {"visibility": "public"}),
    call("ada", f"POST {V}/give-back", {}),
    call("staff", f"POST {V}/give-back", {}),
    call("staff", f"POST {V}/take-down", {"reason": "It shows the exam."}),
    call("ben", f"GET {V}"),
    call("ben", f"DELETE {V}"),
    call("ada", f"DELETE {V}"),
    call("ada", "GET /api/stream/{video}"),
]
LED = ": GET {picture}"  # to where it is: API Gateway passes texts on
PART_SIZE = "partSize"  # is said only where bytes come in parts; beside it bodies are alike


def filled(value: Any, known: dict[str, Any]) -> Any:
    """Return a body with what was kept in its places."""
    if isinstance(value, dict):
        return {name: filled(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    if value == "{video}":
        return known["video"]
    return value.format_map(known) if isinstance(value, str) and value.startswith("{") else value


async def transcript(wing: Wing) -> list[tuple[str, int, str, Any]]:
    """Make all calls; return of each what was answered."""
    known: dict[str, Any] = {"video": await wing.ready(), "upload": await wing.begun()}
    said = []
    for who, method, path, body, keep in CORPUS:
        async with wing.person(who) as person:
            given = {"content": body} if isinstance(body, str) else {"json": filled(body, known)}
            sent = given if body is not None else {}
            extra = {"Tus-Resumable": "1.0.0"} if method == "DELETE" else {}
            answer = await person.request(method, path.format_map(known), headers=extra, **sent)
        mime = answer.headers.get("content-type", "")
        told = answer.json() if answer.content and "json" in mime else None
        for name, field in keep.items():
            known[name] = told[field]
            known["picture"] = str(known.get("feed")).replace("feed.xml", "picture.jpg")
        said.append((f"{who}: {method} {path}", answer.status_code, mime, shape(told)))
    return said


def without_parts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_parts(each) for name, each in value.items() if name != PART_SIZE}
    return [without_parts(each) for each in value] if isinstance(value, list) else value


async def test_aws_answers_as_one_machine_does(studio: Studio, tmp_path: Path) -> None:
    async with on_one_machine(tmp_path / "machine", studio) as machine:
        expected = await transcript(machine)
        mounted = {type(each).__name__ for each in machine.mounts}
    assert mounted - {type(each).__name__ for each in studio.mounts} == ELSEWHERE.keys()
    found = await transcript(OnAws(studio))
    for ours, theirs in zip(found, expected, strict=True):
        if ours[0] == LED:
            assert (ours[1], theirs[1:3]) == (302, (200, "image/jpeg"))
            continue
        assert (*ours[:3], without_parts(ours[3])) == theirs, ours[0]


def test_the_corpus_has_every_route() -> None:
    there = {
        (method, re.sub(r"\{[^}]+\}", "*", path))
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods - {"HEAD", "OPTIONS"}
    }
    asked = set()
    for _, method, path, _, _ in CORPUS:
        bare = path.replace("{feed}", "/podcast/*/feed.xml").partition("?")[0]
        bare = bare.replace("{picture}", "/podcast/*/picture.jpg")
        bare = re.sub(r"(/captions|/members|/teachers)/[a-z0-9-]+", r"\1/*", bare)
        asked.add((method, re.sub(r"\{[^}]+\}|/999$", "*", bare)))
    assert there - asked == set()
