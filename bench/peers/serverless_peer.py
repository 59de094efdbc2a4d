"""The campus issue Lambdas under osls, serverless-offline and dynalite."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from bench.peers import node
from bench.peers.base import CreateCall, PeerError, ReadCall
from bench.peers.process import Server, free_ports, run

HERE = Path(__file__).parent / "serverless"
TABLE_SECONDS = 60.0


class ServerlessPeer:
    """The four Lambdas on one machine, as their developer would run them."""

    name = "serverless-offline + dynalite"
    durable = (
        "The item is in LevelDB's log, written but not synced: it outlives the end of the process "
        "and can be lost with the power."
    )

    def __init__(self) -> None:
        self._project: Path | None = None
        self._servers: list[Server] = []

    def available(self) -> str | None:
        """None where a fitting Node.js and npm are found, else why not."""
        return node.lacking("osls")

    def install(self, cache: Path) -> None:
        """Copy the project and install what its lock file names; PeerError when npm fails."""
        project = cache.resolve() / "serverless"
        node.install(HERE, project)
        self._project = project

    def start(self, workdir: Path) -> str:
        """Start an empty DynamoDB and the API in front of it; return the API's base URL."""
        if self._project is None:
            raise PeerError("serverless-offline is not installed")
        if self._servers:
            raise PeerError("serverless-offline runs already")
        workdir.mkdir(parents=True, exist_ok=True)
        data = Path(tempfile.mkdtemp(prefix="serverless-", dir=workdir.resolve()))
        try:
            database = self._start_database(self._project, data)
            return self._start_api(self._project, data, database)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the API first, then its database."""
        while self._servers:
            self._servers.pop().stop()

    def create_request(self) -> CreateCall:
        """POST of a new issue."""
        issue = {
            "issueType": "Network",
            "location": "Hostel A",
            "description": "WiFi not working on the second floor",
        }
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return CreateCall("POST", "/prod/report-issue", headers, json.dumps(issue).encode())

    def read_request(self, created: Any) -> ReadCall:
        """GET of the issue `created` names, as {"issueId": …}."""
        path = f"/prod/issue-status/{created['issueId']}"
        return ReadCall("GET", path, {"Accept": "application/json"})

    def _start_database(self, project: Path, data: Path) -> str:
        """Start dynalite with its table on disk and return its URL."""
        (port,) = free_ports(1)
        url = f"http://127.0.0.1:{port}"
        program = str(project / "node_modules/.bin/dynalite")
        command = [program, "--host", "127.0.0.1", "--port", str(port), "--path", "dynamodb"]
        env = _environment(project, url)
        server = Server(command, cwd=data, env=env, log=data / "dynalite.log")
        self._servers.append(server)
        server.wait_until_status(url, "/", 200)
        create = ["node", str(project / "create-table.js")]
        run(create, cwd=project, log=data / "table.log", env=env, timeout=TABLE_SECONDS)
        return url

    def _start_api(self, project: Path, data: Path, database: str) -> str:
        """Start serverless-offline and return the URL it answers on."""
        port, lambda_port = free_ports(2)
        url = f"http://127.0.0.1:{port}"
        program = str(project / "node_modules/.bin/osls")
        command = [program, "offline", "start", "--host", "127.0.0.1"]
        command += ["--httpPort", str(port), "--lambdaPort", str(lambda_port)]
        env = _environment(project, database)
        server = Server(command, cwd=project, env=env, log=data / "offline.log")
        self._servers.append(server)
        # A Lambda that does not reach its table answers 502, so a 404 shows that all is up.
        server.wait_until_status(url, "/prod/issue-status/none", 404)
        return url


def _environment(project: Path, database: str) -> dict[str, str]:
    """Variables for the peer's programs, free of the caller's AWS accounts and proxies."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(project),
        "AWS_ENDPOINT_URL_DYNAMODB": database,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        # A line per request would be work that a deployed API does elsewhere.
        "SLS_LOG_LEVEL": "warning",
    }
