"""Gates between viewers and workspaces, by the kind of workspace."""

from quadrangle.meetings.control.ports import Gate
from quadrangle.meetings.model import Right, Workspace
from quadrangle.portable.gates.terminal import TerminalGate
from quadrangle.portable.rfb import filter as rfb


def make_gate(workspace: Workspace, right: Right, owner: bool) -> Gate:
    """Return the gate for one connection. `owner`: to the viewer's own workspace."""
    if workspace is Workspace.TERMINAL:
        return TerminalGate(right, owner=owner)
    return rfb.Gate(right, owner=owner)
