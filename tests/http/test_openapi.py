"""The description of the API is true: schemathesis asks every route it names, and docs agree."""

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import allow_header_conformance, positive_data_acceptance

from quadrangle.hosts.parts import Parts
from quadrangle.hosts.server import Server
from quadrangle.hosts.settings import Settings
from tests.running import RunningServer, wait_for
