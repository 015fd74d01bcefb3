"""One uploaded file, made harmless and on disk before the transaction that names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from common.errors import Refusal
from workorders.uploads import prepare


@dataclass(frozen=True)
class StoredFile:
    """Where it lies, and what it is; both empty when nothing was sent."""

    name: str = ""
    content_type: str = ""


@contextmanager
def stored_upload(
    upload: UploadedFile | None, *, path: str, rows: QuerySet, column: str, field: str, photos_only: bool = False
) -> Iterator[StoredFile]:
    """The upload under ``path``, for the block that writes its row. Not inside a transaction: disks are slow.

    Taken back when the block ends and no row of ``rows`` names it in ``column``: refused, or another request was
    quicker. Raises: Refusal on ``field``.
    """
    if upload is None:
        yield StoredFile()
        return
    try:
        file = prepare(upload, photos_only=photos_only)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from refusal
    stored = StoredFile(default_storage.save(path, ContentFile(file.content)), file.content_type)
    try:
        yield stored
    finally:
        if not rows.filter(**{column: stored.name}).exists():
            default_storage.delete(stored.name)
