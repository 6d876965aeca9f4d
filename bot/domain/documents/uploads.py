"""From an uploaded file of any kind to the predictions in it, or to what's wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.documents.files import read_platform
from bot.domain.documents.models import PredictionFile
from bot.domain.documents.prose.encoding import UnreadableDocument, decode_document
from bot.domain.documents.prose.extract import extract
from bot.domain.documents.reading import FileReading, Problem, read_prediction_file

MAX_UPLOAD = 1024 * 1024
KINDS = "YAML, JSON, CSV, Markdown, plain text, HTML and exports from other platforms"

_FILE_ENDING = re.compile(r"\.(ya?ml|json)$", re.IGNORECASE)
_FORMAT_LINE = re.compile(r"""^["']?format["']?:[ \t]*["']?predictions/""", re.MULTILINE)
_BEGINNING = 2000
_AS_PROSE = "If it's a text rather than a prediction file, rename it to end in .md or .txt and upload it again."


@dataclass(frozen=True, slots=True)
class Upload:
    """What we read from an uploaded file: a document, or problems, each a sentence. Warnings don't stop it from being loaded."""

    slug: str
    document: PredictionFile | None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    keeps_ids: bool = True
    """Whether the ids are the file's own, and stay when it changes; a prose document's ids follow its order."""


def too_large(size: int) -> str:
    """The sentence about an upload of this many bytes, for refusing it before reading it."""
    return (
        f"The file has {size / 1024 / 1024:.1f} MiB; at most {MAX_UPLOAD // 1024 // 1024} MiB can be imported. "
        "Split it, or keep only the part with the predictions."
    )


def read_upload(content: bytes, *, file: str, today: date) -> Upload:
    """Read a file by the ending of its name and by its content. `today` says which windows are over.

    A prediction file gives its predictions, or all problems at once; any other text gives what was found in its prose."""
    if len(content) > MAX_UPLOAD:
        return _refused(file, too_large(len(content)))
    if not content.strip():
        return _refused(file, "The file is empty. Upload one with predictions in it.")
    # Some platforms export archives, so we look for those before reading the bytes as text.
    if (reading := read_platform(content, file=file, today=today)) is not None:
        return _of_reading(reading)
    try:
        text = decode_document(content).text
    except UnreadableDocument as error:
        return _refused(file, f"{str(error)[0].upper()}{str(error)[1:]}. I can read {KINDS}.")
    if not text.strip():
        return _refused(file, "The file is empty. Upload one with predictions in it.")
    if is_prediction_file(file, text):
        return _of_reading(read_prediction_file(content, file=file, today=today))
    found = extract(content, path=file)
    slug = found.document.pack or "pack"
    return Upload(slug, found.document, warnings=found.warnings, keeps_ids=False)


def is_prediction_file(file: str, text: str) -> bool:
    """Whether a text is, or claims to be, a prediction file: by the ending of its name, or by the format it states."""
    return bool(_FILE_ENDING.search(file) or _FORMAT_LINE.search(text[:_BEGINNING]) or _is_json_file(text))


def _is_json_file(text: str) -> bool:
    beginning = text.lstrip()[:_BEGINNING]
    return beginning.startswith("{") and '"predictions/' in beginning


def _of_reading(reading: FileReading) -> Upload:
    problems = [_sentence(problem) for problem in reading.problems]
    if any(not problem.field for problem in reading.problems):
        problems.append(_AS_PROSE)
    warnings = tuple(_sentence(warning) for warning in reading.warnings)
    return Upload(reading.slug, reading.document, tuple(problems), warnings)


def _sentence(problem: Problem) -> str:
    return f"line {problem.line}: {problem.field + ': ' if problem.field else ''}{problem.message}"


def _refused(file: str, sentence: str) -> Upload:
    return Upload(file, None, (sentence,))
