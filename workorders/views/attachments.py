"""Files on orders, served through a permission check."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from workorders.selectors.attachments import get_attachment_for

# Whatever a file contains, a browser that opens it may run nothing and load nothing.
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_safe
def attachment(request: HttpRequest, public_id: UUID) -> FileResponse:
    """One file: pictures are shown, anything else is only downloaded."""
    found = get_attachment_for(request.user, public_id)
    shown = found.content_type.startswith("image/")
    response = FileResponse(
        found.file.open("rb"), as_attachment=not shown, filename=found.name, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response
