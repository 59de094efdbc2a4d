"""Files of a meeting on the deployed stack: handed out to both desktops, taken home from one, and
the teacher's note. Contents go between browsers, machines and the bucket; machines run the unit
that the image has."""

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.deployed.meetings.desk import PATIENCE_S, Desk
from tests.deployed.meetings.machine import BootedMachine, sent, unpacked
from tests.deployed.meetings.test_meetings import schedule
from tests.deployed.stack import Stack
from tests.running import Campus, wait_for

CONTENT = b"What is 2 and 2?"


def hand_out(desk: Desk, name: str, content: bytes) -> Any:
    """Announce, send and hand out a file as the teacher's page does."""
    body = {"role": "teacher", "name": name}
    told = desk.call("POST", "files/announcements", {**body, "size": len(content)}, role="teacher")
    assert told.status == 201, told.body
    assert sent(told.json["address"], content) == 200
    return desk.call("PUT", f"files/{told.json['fileId']}", body, role="teacher")


def booted(desk: Desk, folder: Path) -> dict[str, BootedMachine]:
    """Return the machines by their side."""
    found = {}
    for machine_id, instance in desk.instances().items():
        tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
        role = tags["quadrangle:role"]
        found[role] = BootedMachine(desk.ec2, machine_id, folder / role)
    return found


def test_files_come_to_both_desktops_and_home_from_the_students(
    campus: Campus, stack: Stack, staff: str, tmp_path: Path
):
    desk = Desk(campus, stack, staff, schedule(campus, staff, 5))
    handed = hand_out(desk, "sums.txt", CONTENT)
    assert handed.status == 200, handed.body
    assert (handed.json["announced"], handed.json["files"][0]["size"]) == (True, len(CONTENT))
    refused = desk.call(
        "POST",
        "files/announcements",
        {"role": "student", "name": "x", "size": 1},
        role="student",
    )
    assert refused.status == 403

    desk.until("HEALTHY", "late")

    def lies_on_both() -> bool:
        (file,) = desk.call("GET", "files?role=student", role="student").json["files"]
        return len(file["onDesktops"]) == 2

    wait_for(lies_on_both, "the file to be given to both", PATIENCE_S)
    machines = booted(desk, tmp_path)
    for each in machines.values():
        each.turn()
        assert each.files() == {"sums.txt": CONTENT}

    for role in ("teacher", "student"):
        assert desk.join(role).status == 200
    for role, each in machines.items():
        each.take_home(mine=role.encode())
        each.turn()
        each.turn()
    desk.act("end")
    desk.until_gone("late")

    def packed() -> Any:
        outcome = desk.call("GET", "outcome?role=student", role="student").json
        return outcome if outcome["takeHome"]["state"] != "none" else None

    outcome = wait_for(packed, "what is taken home to be packed", PATIENCE_S)
    assert outcome["takeHome"]["state"] == "ready", outcome
    (bundle,) = outcome["takeHome"]["files"]
    wanted = {"role": "student", "kind": "take-home", "name": str(bundle["generation"])}
    told = desk.call("POST", "downloads", wanted, role="student")
    assert told.status == 200, told.body
    with urllib.request.urlopen(told.json["address"]) as answer:
        assert 'filename="take-home.zip"' in answer.headers["Content-Disposition"]
        assert unpacked(answer.read()) == {"mine.txt": b"student"}
    unsigned = told.json["address"].partition("?")[0]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(unsigned)
    # what was handed out is kept as long, for both
    (kept,) = desk.call("GET", "files?role=teacher", role="teacher").json["files"]
    wanted = {"role": "student", "kind": "handout", "name": kept["fileId"]}
    told = desk.call("POST", "downloads", wanted, role="student")
    assert told.status == 200, told.body
    with urllib.request.urlopen(told.json["address"]) as answer:
        assert 'filename="sums.txt"' in answer.headers["Content-Disposition"]
        assert answer.read() == CONTENT
    assert desk.call("GET", "chat?role=student", role="student").json["messages"] == []

    note = {"text": "Well done.", "shared": True}
    assert desk.call("PUT", "note?role=teacher", note, role="teacher").status == 200
    assert desk.call("PUT", "note?role=student", note, role="student").status == 403
    shown = desk.call("GET", "outcome?role=student", role="student").json["note"]
    assert shown["text"] == "Well done."


def test_what_was_not_sent_is_not_handed_out(campus: Campus, stack: Stack, staff: str):
    desk = Desk(campus, stack, staff, schedule(campus, staff, 24 * 60))
    body = {"role": "teacher", "name": "sums.txt", "size": 5}
    told = desk.call("POST", "files/announcements", body, role="teacher")
    missing = desk.call(
        "PUT",
        f"files/{told.json['fileId']}",
        {"role": "teacher", "name": "sums.txt"},
        role="teacher",
    )
    assert missing.status == 409
    assert desk.call("GET", "files?role=teacher", role="teacher").json["files"] == []
    handed = hand_out(desk, "sums.txt", CONTENT)
    (file,) = handed.json["files"]
    removed = desk.call("DELETE", f"files/{file['fileId']}?role=teacher", role="teacher")
    assert removed.status == 204, removed.body
    desk.act("cancel")
