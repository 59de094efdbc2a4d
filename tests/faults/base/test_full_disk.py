"""A full disk: 503 for what cannot be saved, and everything before and after is whole."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningServer, wait_for

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room left, down to the last page."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


def test_a_full_disk_is_a_503_and_leaves_the_data_whole(small_disk: Path, tmp_path: Path):
    server = RunningServer(tmp_path, QUADRANGLE_DATA=str(small_disk), QUADRANGLE_WORKER="off")
    server.data = small_disk
    server.start()
    try:
        known = [server.report(description="x" * 4000) for _ in range(5)]
        filler = small_disk / "filler"
        fill(filler)
        refused = None
        for _ in range(200):
            body = {"issueType": "a", "location": "b", "description": "x" * 4000}
            answer = server.call("POST", "/report-issue", body)
            if answer.status != 200:
                refused = answer
                break
            known.append(answer.json["issueId"])
        assert refused is not None, "the disk never filled"
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json["message"]
        wait_for(lambda: server.call("GET", "/api/health").status == 503, "health to tell", 10)
        assert "disk" in server.call("GET", "/api/health").json["message"]
        assert server.call("GET", "/api/health/live").status == 200
        for issue_id in known:
            assert server.call("GET", f"/issue-status/{issue_id}").status == 200
        filler.unlink()
        known.append(server.report())
        wait_for(lambda: server.call("GET", "/api/health").status == 200, "health", 10)
        assert server.stop() == 0
        assert server.command("check").returncode == 0
        server.start()
        for issue_id in known:
            assert server.call("GET", f"/issue-status/{issue_id}").status == 200
    finally:
        server.end()
