"""The WSGI application that web servers load."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portsite.settings")

application = get_wsgi_application()

# Models can be imported only once the apps are loaded.
from ports import reads  # noqa: E402

reads.write_by_itself()
