"""Languages by their codes, and what they are called in themselves."""

import re

from quadrangle.kernel.errors import InvalidInput

_CODE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"
_LANGUAGE = re.compile(_CODE)
CODE_OR_NONE = rf"^(?:{_CODE})?$"

_NAMES = {
    "ar": "العربية",
    "bg": "Български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


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


def base_of(code: str) -> str:
    """Return a language's code without its region: en of en-GB."""
    return code.partition("-")[0].lower()


def name_of(code: str) -> str:
    """Return a language's own name, for menus of captions; its code where we know none."""
    return _NAMES.get(base_of(code), code)
