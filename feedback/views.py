"""Taking a vote, and thanking for it."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from feedback.models import Face
from feedback.voting import cast
from ports.editorial.page_content import revision_number
from ports.languages import Language, by_code
from ports.registry.records import LAST_PORT
from ports.web.errors import problem
from ports.web.page import page

_SALT = "feedback.thanks"


@csrf_exempt  # pages carry no cookie and hence no token; _from_another_site stands guard
@require_POST
def vote(request: HttpRequest) -> HttpResponse:
    """Store the vote in a page's form and lead on to the thank-you page."""
    if _from_another_site(request):
        return problem(
            request,
            status=403,
            title=_("Answer not taken"),
            message=_("Answers are taken only from the pages of this site."),
        )
    number = request.POST.get("port", "")
    language = by_code(request.POST.get("language", ""))
    face = request.POST.get("face", "")
    if (
        not (number.isascii() and number.isdigit() and len(number) <= len(str(LAST_PORT)))
        or int(number) > LAST_PORT
        or language is None
        or face not in Face.values
    ):
        return problem(
            request,
            status=400,
            title=_("Answer not understood"),
            message=_(
                "Your answer was not stored: the form was incomplete. Go back to the page and "
                "choose one of the three faces again."
            ),
        )
    cast(
        port=int(number),
        language=language,
        face=Face(face),
        on=timezone.now().date(),
        revision_number=revision_number(int(number), language),
    )
    token = signing.dumps(int(number), salt=_SALT)
    # 303: the thank-you page is fetched with GET, and reloading it casts no second vote.
    return HttpResponse(status=303, headers={"Location": reverse("thanks", args=[language, token])})


@require_safe
def thanks(request: HttpRequest, language: Language, token: str) -> HttpResponse:
    """Thank for a vote, in the language of the page it was cast on."""
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    response = page(request, language, "feedback/thanks.html", {"number": number}, indexable=False)
    response.headers["Cache-Control"] = "no-store"
    return response


def _from_another_site(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this request.

    Browsers send Sec-Fetch-Site with every request, older ones Origin with a POST; a client that
    sends neither is no browser and carries nobody's identity.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site != "same-origin"
    if origin := request.headers.get("Origin"):
        return origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return False
