"""Checks of texts that people typed, with a sentence for each way they can be wrong."""

import re
import unicodedata

from quadrangle.kernel.errors import FieldError

# Control characters cannot be shown, and PostgreSQL cannot store NUL. Tab and line ends are text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile("[\t\r\n\u2028\u2029]+")
# They show nothing and join nothing, so two names that look alike would differ by them.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Joiners and selectors of variants shape letters of some scripts and pictures. After letters of
# Latin, Greek, Cyrillic and the like they show nothing either.
_IDLE = re.compile(
    "(?:^|(?<=[\x00-\u058f]))[\u200c\u200d]+|\u200c+(?=\\s|$)"
    "|(?:^|(?<=[A-Za-z\u00c0-\u058f]))[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
)
# They turn what stands after them around, beyond the line that they are in.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ALONE = re.compile(f"{_UNSEEN.pattern}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# One @, no spaces: what a mail server refuses beyond that, it tells by itself.
_LOCAL = re.compile(r"[^\s@<>(),;:\"\\\[\]]{1,64}")
_LONGEST_LABEL = 63  # bytes of a host's part, as DNS has it


class Checked:
    """Collects cleaned texts and every fault of one input."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def fault(self, field: str, message: str) -> None:
        self.errors.append(FieldError(field, message))

    def text(self, field: str, value: str, longest: int) -> str:
        """Return `value` without surrounding white space; 1 to `longest` characters."""
        cleaned = value.strip()
        if not is_seen(cleaned):
            self.fault(field, "Please fill this in.")
        elif len(cleaned) > longest:
            self.fault(field, f"Please use at most {longest:,} characters ({len(cleaned):,} now).")
        elif _CONTROL.search(cleaned):
            self.fault(field, "This contains a control character that cannot be shown.")
        return cleaned

    def optional_text(self, field: str, value: str, longest: int) -> str:
        """Like `text`; what shows nothing is an empty one."""
        return "" if _is_blank(value) else self.text(field, value, longest)

    def line(self, field: str, value: str, longest: int) -> str:
        """Like `text`, on one line: line ends and tabs become a space, what shows nothing goes."""
        if _is_plain(value):
            return self.text(field, value, longest)
        seen = _IDLE.sub("", _UNSEEN.sub("", _LINE_END.sub(" ", value)))
        cleaned = self.text(field, seen, longest)
        if _TURNING.search(cleaned):
            self.fault(field, "This contains a sign that turns the direction of a text.")
        return cleaned

    def optional_line(self, field: str, value: str | None, longest: int) -> str | None:
        """Like `line`; None and what shows nothing mean that nothing was given."""
        if value is None or _is_blank(value):
            return None
        return self.line(field, value, longest)

    def optional_email(self, field: str, value: str | None) -> str | None:
        """Return an e-mail address of at most 254 characters, or None when nothing was given."""
        email = self.optional_line(field, value, 254)
        if email is not None and not is_email(email):
            self.fault(field, "Please enter an e-mail address such as name@campus.example.")
        return email


def is_seen(text: str) -> bool:
    """Tell whether `text` shows anything."""
    return any(map(_is_seen, text))


def _is_plain(text: str) -> bool:
    """Tell quickly of most texts that none of the signs above are in them."""
    return text.isascii() and text.isprintable()


def _is_blank(text: str) -> bool:
    """Tell whether nothing was given. Controls are something: they are refused."""
    if _is_plain(text):
        return not text.strip()
    return not _ALONE.sub("", text).strip()


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNSEEN_KINDS and not _ALONE.match(sign)


def is_email(text: str) -> bool:
    """Tell whether `text` looks like an address mail can be sent to, its host a name of DNS: one
    in any script, and no numbers alone, as an IP address has."""
    if len(text) > 254 or not text.isprintable() or not unicodedata.is_normalized("NFC", text):
        return False
    local, _, host = text.rpartition("@")
    labels = host.split(".")
    if not _LOCAL.fullmatch(local) or ".." in local or len(labels) < 2 or labels[-1].isdecimal():
        return False
    return unicodedata.is_normalized("NFKC", host) and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    if not label or label[0] == "-" or label[-1] == "-" or len(ascii_host(label)) > _LONGEST_LABEL:
        return False
    return all(
        sign.isalnum() or sign == "-" or unicodedata.category(sign)[0] == "M" for sign in label
    )


def ascii_host(host: str) -> str:
    """Return a host as DNS has it: `xn--mnchen-3ya.example` for `münchen.example`."""
    return ".".join(
        part if part.isascii() else "xn--" + part.lower().encode("punycode").decode()
        for part in host.split(".")
    )


def folded(text: str) -> str:
    """Return a text as lists sort and search it: in small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def storable(value: str) -> str:
    """Return `value` without what no store takes: NUL and halves of characters."""
    return value.replace("\0", "").encode(errors="replace").decode()
