"""What a language's code looks like."""

import re

from quadrangle.kernel.errors import InvalidInput

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def is_language(code: str) -> bool:
    """Tell whether a text can be a code of a language (BCP 47), such as en or de-AT."""
    return _LANGUAGE.fullmatch(code) is not None


def require_language(code: str) -> None:
    """Raise InvalidInput for what can be no code of a language."""
    if not is_language(code):
        message = "Please name the language by its code, such as en or de-AT."
        raise InvalidInput.at("language", message)


def is_same(one: str, other: str) -> bool:
    """Tell whether two codes are of one language: capitals make no difference."""
    return one.lower() == other.lower()
