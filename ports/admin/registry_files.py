"""Kept files of the registry, handed out as they came."""

import gzip
from io import BytesIO

from django.http import FileResponse, Http404

from ports.models import RegistryFile


def download(file: RegistryFile | None, name: str) -> FileResponse:
    """A file to be saved under `name`, never shown: nobody knows what a refused one holds.

    Raises Http404 where none is kept.
    """
    if file is None:
        raise Http404
    return FileResponse(
        gzip.open(BytesIO(file.content)),
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )
