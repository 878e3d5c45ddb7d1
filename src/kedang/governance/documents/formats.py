"""The kinds of file a paper can be written as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kedang.governance.documents import pdf, word
from kedang.governance.documents.paper import Paper


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type, and who writes it."""

    media: str
    write: Callable[[Paper], bytes]


FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", pdf.write),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.write),
}
"""By the ending of the file's name."""
