"""The page that the link in each e-mail leads to: no more of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ports import notices
from ports.languages import SOURCE, by_code


@never_cache
@csrf_exempt  # the token is the proof; mail programs that press the button send no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether somebody wants no more e-mails, and do it on POST; nobody need be signed in.

    Opening the page stops nothing: mail servers open links to look what is behind them.
    """
    user = notices.user_of(token)
    if user is None:
        raise Http404
    is_stopped = request.method == "POST"
    if is_stopped:
        notices.stop(user)
    with translation.override((by_code(user.preferred_language) or SOURCE).code):
        # Without the links of whoever is signed in, as its forms would set a cookie.
        context = {"title": _("E-mails of what waits for you"), "has_permission": False}
        context["is_stopped"] = is_stopped
        return render(request, "admin/ports/stop_notices.html", context)
