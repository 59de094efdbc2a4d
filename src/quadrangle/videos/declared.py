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
    paths=("/embed/",),
    audit=AuditDetails(
        names={
            "video.uploaded": ("bytes",),
            "video.changed": ("fields", "old", "new"),
            "video.deleted": ("status",),
            "video.retried": (),
            "video.cut": (),
            "video.replaced": ("bytes",),
            "video.link-made": ("link", "endsAt", "hasPassword"),
            "video.link-revoked": ("link",),
        },
    ),
)
