"""Orders and providers, for tests and for the processes they start."""

from datetime import datetime
from pathlib import Path

import quadrangle.portable.terminal
from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import MeetingRole, Workspace

TERMINAL = Path(quadrangle.portable.terminal.__file__).parent


def provider(settings: DesktopSettings) -> SandboxDesktops:
    return SandboxDesktops(settings, SystemClock(), TERMINAL)


def new_order(
    workspace: Workspace, role: MeetingRole, token: str, ends_at: datetime
) -> LaunchOrder:
    return LaunchOrder(
        meeting_id="4f6f5a0e-meeting",
        role=role,
        generation=1,
        attempt=1,
        token=token,
        workspace=workspace,
        ends_at=to_text(ends_at),
    )
