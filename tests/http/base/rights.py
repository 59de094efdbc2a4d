"""The table of rights, and a server with somebody in each role to make its calls."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

from quadrangle.kernel.ids import new_id
from tests.http.base.rights_calls import (
    BODIES,
    CALLS,
    ENDING,
    PASSWORD,
    REFRESH,
    SCOPES,
    Call,
    SignedIn,
)
from tests.http.issues.test_photos import jpeg
from tests.running import STAFF_PIN, RunningServer, wait_for
from tests.software_authenticator import Authenticator

TABLE = Path(__file__).with_name("rights.txt")
_ROW = re.compile(
    r"(?P<method>[A-Z]+) +(?P<path>/\S+) +(?P<whose>-|own|other) +(?P<scope>\S+) +(?P<cells>.*)"
)
# Who calls without being signed in: the two machines send an API key.
MACHINES = ("other-key", "key")


class Row(msgspec.Struct, frozen=True):
    """One call; `cells` are what is expected, by who calls: 2 for any success, else a status.

    `scope` is what an API key needs, "-" where no key may.
    """

    method: str
    path: str
    whose: str
    scope: str
    cells: dict[str, int]


def rows(table: Path = TABLE) -> list[Row]:
    """Read a table: the line that begins with `call` names who calls."""
    who: list[str] = []
    found: list[Row] = []
    for line in table.read_text().splitlines():
        if line.startswith("call "):
            who = line.split()[3:-1]
        elif row := _ROW.fullmatch(line):
            cells = [int(cell) for cell in row["cells"].split()[: len(who)]]
            expected = dict(zip(who, cells, strict=True))
            found.append(Row(row["method"], row["path"], row["whose"], row["scope"], expected))
    return found


class World:
    """A server with somebody in each role, and one of everything that can be asked for."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.base, timeout=30)
        self.calls = 0
        self.kept: set[tuple[str, str]] = set()  # calls whose answers caches may keep
        self._uploader: SignedIn | None = None
        self.meetings = 0
        self.admin = server.sign_in()
        self.people: dict[str, SignedIn | None] = {"anyone": None, "pin": self.by_pin()}
        self.people |= dict.fromkeys(MACHINES)
        self._keys: dict[frozenset[str], str] = {}
        for role in ("student", "teacher", "staff", "admin"):
            self.people[role] = self.newcomer(role)
        self.issue_id = server.report(email="reporter@campus.example")
        self.photo_id = self.photo(self.issue_id)
        self.other = self.invited("student")
        _, self.others_passkey = self.with_passkey("student")
        self.mail_id = wait_for(self.kept_mail, "the mails of the report")

    def meeting_body(self) -> dict[str, Any]:
        """Return a new meeting's, each at a time of its own, as desktops are few."""
        self.meetings += 1
        at = datetime(2027, 5, 2, tzinfo=UTC) + timedelta(hours=6 * self.meetings)
        return {
            "teacher_name": "Ada",
            "student_name": "Ben",
            "meet_time": at.isoformat(),
            "frontend_base_url": f"{self.server.base}/meeting",
        }

    def meeting(self) -> str:
        """Have an administrator schedule a meeting of people without accounts."""
        made = self.server.call("POST", "/schedule", self.meeting_body(), token=self.admin)
        assert made.status == 200, made.body
        return made.json["id"]

    def video(self) -> str:
        """Have somebody upload what is no video, in private; return its number once it failed."""
        if self._uploader is None:
            self._uploader = self.newcomer("teacher")
        token = self._uploader.token
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "0"}
        made = self.server.call("POST", "/api/uploads", token=token, headers=headers)
        assert made.status == 201, made.body
        path = "/api/" + made.headers["location"]
        video_id = self.server.call("GET", path, token=token).json["videoId"]
        path = f"/api/gallery/videos/{video_id}"
        wait_for(
            lambda: self.server.call("GET", path, token=token).json["status"] == "failed",
            "the end of a video",
        )
        return str(video_id)

    def course(self) -> str:
        """Have somebody make a course for its members, who are none; return its id."""
        if self._uploader is None:
            self._uploader = self.newcomer("teacher")
        body = {"title": "Mechanics"}
        made = self.server.call("POST", "/api/courses", body, token=self._uploader.token)
        assert made.status == 201, made.body
        return made.json["id"]

    def by_pin(self) -> SignedIn:
        answer = self.server.call("POST", "/api/accounts/pin", {"pin": STAFF_PIN}).json
        return SignedIn(answer["accessToken"], answer["refreshToken"])

    def newcomer(self, role: str) -> SignedIn:
        """Make an account that takes its invitation with PASSWORD."""
        invited = self.invited(role)
        token = invited["invitationUrl"].partition("#token=")[2]
        body = {"token": token, "name": role, "password": PASSWORD}
        answer = self.server.call("POST", "/api/accounts/invitation", body)
        assert answer.status == 200, answer.body
        return SignedIn(
            answer.json["accessToken"],
            answer.json["refreshToken"],
            answer.json["account"]["accountId"],
        )

    def invited(self, role: str) -> dict[str, Any]:
        """Make an account that waits for its owner."""
        body = {"email": f"{new_id()}@campus.example", "name": role, "role": role}
        answer = self.server.call("POST", "/api/accounts/people", body, token=self.admin)
        assert answer.status == 201, answer.body
        return answer.json

    def with_passkey(self, role: str) -> tuple[SignedIn, str]:
        """Make an account with a passkey; return it, signed in again, and the passkey's id."""
        person = self.newcomer(role)
        path = "/api/accounts/me/passkeys"
        body: dict[str, Any] = {"password": PASSWORD}
        asked = self.server.call("POST", path + "/options", body, token=person.token).json
        options = asked["options"]
        device = Authenticator(self.server.base, options["rp"]["id"])
        body = {"state": asked["state"], "name": "Phone", "credential": device.create(options)}
        added = self.server.call("POST", path, body, token=person.token)
        assert added.status == 201, added.body
        # the access token ends with the change; the sign-in goes on
        body = {"refreshToken": person.refresh_token}
        again = self.server.call("POST", "/api/accounts/refresh", body).json
        person = msgspec.structs.replace(person, token=again["accessToken"])
        return person, added.json["passkeyId"]

    def api_key(self, scopes: frozenset[str]) -> dict[str, Any]:
        """Make an API key; return it with what the machine sends."""
        body = {"name": "Machine", "scopes": sorted(scopes), "plan": "high"}
        answer = self.server.call("POST", "/api/accounts/api-keys", body, token=self.admin)
        assert answer.status == 201, answer.body
        return answer.json

    def _key_of(self, row: Row, who: str) -> str:
        """Return a key with the scope of the row alone, or with all others; all if it has none."""
        scopes = SCOPES - {row.scope}
        if who == "key" and row.scope in SCOPES:
            scopes = frozenset({row.scope})
        if scopes not in self._keys:
            self._keys[scopes] = self.api_key(scopes)["key"]
        return self._keys[scopes]

    def photo(self, issue_id: str) -> str:
        path = f"/api/issues/{issue_id}/photos"
        answer = self.server.call("POST", path, jpeg(), headers={"Content-Type": "image/jpeg"})
        return answer.json["photoId"]

    def kept_mail(self) -> str | None:
        """Return the id of a mail that is not on its way, if there is one."""
        mails = self.server.call("GET", "/api/mail/outbox", token=self.admin).json["mails"]
        done = [mail for mail in mails if mail["state"] == "kept"]
        return done[0]["mailId"] if done else None

    def status(self, row: Row, who: str) -> int:
        """Make the call and return the status; a stream is left once it has begun."""
        passkey_id = self.others_passkey
        if row.whose == "own" and "{passkeyId}" in row.path and self._has_account(who):
            person, passkey_id = self.with_passkey(who)
        else:
            person = self._caller(row, who)
        call = self._call(row, person, who)
        ids = {
            "issueId": self.issue_id,
            "photoId": self.photo_id,
            "mailId": self.mail_id,
            "passkeyId": passkey_id,
            "jobId": "1",
            "videoId": "999999",
            "uploadId": new_id(),
            "key": "nobodys",
            "language": "en",
            "linkId": "0123456789abcdef",
            "issuerId": "campus",
            "teacherId": self.other["account"]["accountId"],
            "participantId": new_id(),
            "fileId": new_id(),
            "recordingId": new_id(),
            "generation": "1",
            "role": "teacher",
            "name": "nobodys.ics",
            "accountId": self.other["account"]["accountId"],
            **call.ids,
        }
        # each call from an address of its own, as those who try much from one are held back
        self.calls += 1
        headers = {
            **call.headers,
            "X-Forwarded-For": f"10.0.{self.calls // 250}.{self.calls % 250 + 1}",
        }
        if person is not None and (row.method, row.path) != REFRESH:
            headers["Authorization"] = f"Bearer {person.token}"
        if who in MACHINES:
            headers["X-Api-Key"] = self._key_of(row, who)
        path = re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], row.path)
        request = self.http.build_request(
            row.method, path, headers=headers, content=call.content, json=call.body
        )
        answer = self.http.send(request, stream=True)
        answer.close()
        if "no-store" not in answer.headers["cache-control"]:
            self.kept.add((row.method, row.path))
        self.http.cookies.clear()
        return answer.status_code

    def _has_account(self, who: str) -> bool:
        person = self.people[who]
        return person is not None and person.account_id is not None

    def _caller(self, row: Row, who: str) -> SignedIn | None:
        """Return who calls: somebody new where the call ends their sign-in or their account."""
        ends = (row.method, row.path) in ENDING and row.whose == "own"
        if self.people[who] is None or not ends:
            return self.people[who]
        return self.by_pin() if who == "pin" else self.newcomer(who)

    def _call(self, row: Row, person: SignedIn | None, who: str) -> Call:
        if row.whose == "own" and "{accountId}" in row.path:
            own = person.account_id if person and person.account_id else new_id()
            return Call(body=BODIES.get((row.method, row.path)), ids={"accountId": own})
        if "{sessionId}" in row.path:
            whose = (
                person
                if row.whose == "own"
                else self.people["teacher" if who != "teacher" else "staff"]
            )
            return Call(ids={"sessionId": self._session_of(whose)})
        make = CALLS.get((row.method, row.path))
        if make is not None:
            return make(self, person)
        return Call(body=BODIES.get((row.method, row.path)))

    def _session_of(self, person: SignedIn | None) -> str:
        if person is None or person.account_id is None:
            return new_id()
        answer = self.server.call("GET", "/api/accounts/me/sessions", token=person.token)
        return answer.json["sessions"][0]["sessionId"]

    def after(self, row: Row) -> None:
        """A new PIN ends what was signed in with the one before."""
        if (row.method, row.path) == ("PUT", "/api/accounts/pin"):
            self.people["pin"] = self.by_pin()
