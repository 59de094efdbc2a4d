"""What browsers are told that a page may load, and who may hold it in a frame."""

from pathlib import Path

_WEB = Path(__file__).parents[2] / "web"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; media-src 'self' blob:; frame-src 'self'"
)


def csp_with(origin: str) -> str:
    """Return the policy of a page that may load scripts and frames of another origin too."""
    extended = CSP.replace("script-src 'self'", f"script-src 'self' {origin}")
    return extended.replace("frame-src 'self'", f"frame-src 'self' {origin}")


def held_by(ancestors: str) -> str:
    """Return the policy of a page that pages of these origins may hold in a frame."""
    return CSP.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")


def embed_page() -> bytes:
    """Return the page that is a player alone."""
    return (_WEB / "embed.html").read_bytes()
