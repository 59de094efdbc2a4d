"""What the video service says of itself: its addresses, what the audit keeps."""

from quadrangle.kernel.declaration import AuditDetails, Declaration

# The gallery's calls as a gateway passes them on that strips their prefix, and where they are.
STRIPPED = {
    "/videos": "/api/gallery/videos",
    "/videos/": "/api/gallery/videos/",
    "/health": "/api/gallery/health",
}

VIDEOS = Declaration(
    # The source system's calls, which pages elsewhere make too, and what players load.
    open_paths=("/api/gallery/", "/api/stream/", "/m/", *STRIPPED),
    paths=("/embed/", "/podcast/"),
    # The address of a feed is known to whoever may read it, and to nobody else.
    secret_paths=("/podcast/",),
    audit=AuditDetails(
        names={
            "video.uploaded": ("bytes",),
            "video.changed": ("fields", "old", "new"),
            "video.deleted": ("status",),
            "video.retried": (),
            "video.taken-down": ("reason", "deleted"),
            "video.given-back": (),
            "video.cut": (),
            "video.replaced": ("bytes",),
            "video.shared": ("people", "courses"),
            "course.made": ("openness",),
            "course.changed": ("fields", "old", "new"),
            "course.deleted": (),
            "course.member-added": (),
            "course.member-removed": (),
            "course.teacher-added": (),
            "course.teacher-removed": (),
            "course.handed-over": (),
            "course.feed-renewed": (),
            "course.feed-ended": (),
            "video.link-made": ("link", "endsAt", "hasPassword"),
            "video.link-revoked": ("link",),
        },
    ),
)
