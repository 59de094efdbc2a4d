"""A log that cannot be written costs its lines, and nothing else."""

import resource
from pathlib import Path

import pytest

from tests.running import RunningServer, wait_for

pytestmark = pytest.mark.xdist_group("faults")


def test_with_a_full_disk_for_the_log_all_goes_on(tmp_path: Path):
    server = RunningServer(tmp_path)
    server.log = Path("/dev/full")
    server.start()
    try:
        assert server.process is not None
        known = [server.report() for _ in range(3)]
        longest = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1000, -1))
        for _ in range(3):  # each is logged as an error, where it can be
            assert server.call("POST", "/report-issue", REPORT).status == 503
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, longest)
        wait_for(lambda: server.call("POST", "/report-issue", REPORT).status == 200, "writes", 10)
        for issue_id in known:
            assert server.call("GET", f"/issue-status/{issue_id}").status == 200
        token = server.sign_in()
        wait_for(lambda: found(server, token) == 1, "the worker to follow")
        assert server.call("GET", "/api/health").status == 200
    finally:
        server.end()


REPORT = {"issueType": "Network", "location": "Library", "description": "It hums all night"}


def found(server: RunningServer, token: str) -> int:
    answer = server.call("GET", "/get-all-issues?q=hums", token=token)
    return answer.json["count"]
