"""A stand-in for AWS as a process of its own, on loopback, forgotten when it ends."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-standin" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("launcher.py")
REGION = "eu-central-1"
MISSING = "no stand-in for AWS: `make .venv-standin/.done` installs it, as `make test` does"


class StandIn:
    """ministack on a free port. `credentials` are those of the account's root.

    `network` is where its instances have their addresses: the first three numbers of one on
    loopback, or empty for addresses that nobody has.
    """

    credentials = ("test", "test")

    def __init__(self, folder: Path, *, auth: bool = False, network: str = "") -> None:
        self._folder = folder
        self._auth = auth
        self._network = network
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @classmethod
    def at(cls, url: str, folder: Path) -> "StandIn":
        """Return one that someone else has started."""
        running = cls(folder)
        running.url = url
        return running

    def start(self) -> "StandIn":
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "AUTH": str(self._auth).lower(),
            "LOG_LEVEL": "WARNING",
            "STANDIN_EC2_NETWORK": self._network,
        }
        with (self._folder / "standin.log").open("wb") as log:
            self._process = subprocess.Popen(
                [PYTHON, LAUNCHER], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()
        return self

    def _wait(self) -> None:
        assert self._process is not None
        for _ in range(600):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self._folder / "standin.log").read_text()[-2000:])

    def stop(self) -> None:
        """End it and the functions it started."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def client(self, service: str) -> Any:
        """Return a client of one of its services."""
        key, secret = self.credentials
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(signature_version="s3v4" if service == "s3" else None),
        )
