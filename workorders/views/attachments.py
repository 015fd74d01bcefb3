"""Files on orders, served through a permission check."""

from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from workorders.selectors.attachments import get_attachment_for

# Whatever a file contains, a browser that opens it may run nothing and load nothing.
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_safe
def attachment(request: HttpRequest, public_id: UUID) -> FileResponse:
    """One file of an order."""
    found = get_attachment_for(request.user, public_id)
    return served(found.file, found.name, found.content_type)


def served(file: FieldFile, name: str, content_type: str) -> FileResponse:
    """A file that somebody sent: pictures are shown, anything else is only downloaded."""
    shown = content_type.startswith("image/")
    response = FileResponse(file.open("rb"), as_attachment=not shown, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response
