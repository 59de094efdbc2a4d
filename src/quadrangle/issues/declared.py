"""What the issue service says of itself: its addresses, its scopes, what the audit keeps of it."""

from typing import Any

from quadrangle.kernel.declaration import AuditDetails, Data, Declaration, Scope
from quadrangle.kernel.principal import Role

REPORT = Scope("issues:report", Role.STUDENT)
READ = Scope("issues:read")
WRITE = Scope("issues:write")
STATISTICS = Scope("statistics:read")

_CHANGED_VALUE = ("field", "old", "new")


def _changed_fields(data: Data) -> dict[str, Any]:
    """Return which fields of the catalog differ."""
    old, new = data.get("old", {}), data.get("new", {})
    names = (name for name in new if name != "version" and new[name] != old.get(name))
    return {"fields": sorted(names)}


ISSUES = Declaration(
    # The four calls of the source system, which pages elsewhere make too.
    open_paths=("/report-issue", "/issue-status/", "/update-status", "/get-all-issues"),
    scopes=(REPORT, READ, WRITE, STATISTICS),
    audit=AuditDetails(
        always=("issue-catalog.",),
        names={
            "issue.reported": ("status",),
            "issue.edited": ("field",),
            "issue.status-changed": _CHANGED_VALUE,
            "issue.priority-changed": _CHANGED_VALUE,
            "issue.assigned": _CHANGED_VALUE,
            "issue.linked": _CHANGED_VALUE,
            "issue.replied": ("by",),
            "issue.photo-added": ("photoId",),
            "issue.photo-removed": ("photoId",),
        },
        computed={"issue-catalog.changed": _changed_fields},
    ),
)
