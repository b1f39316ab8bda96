"""The page on which a person sets what concerns themselves alone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ports import notices
from ports.admin.editing import editor
from ports.admin.users import WorkingLanguagesField
from ports.languages import by_code
from ports.models import User


class OwnSettingsForm(forms.ModelForm):
    """Languages and e-mails."""

    working_languages = WorkingLanguagesField()

    class Meta:
        model = User
        fields = ("preferred_language", "working_languages", "notices")
        widgets = {"notices": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["working_languages"].help_text = _(
            "The languages whose texts stand in your forms, besides English."
        )
        self.fields["notices"].disabled = bool(self.why_no_mail)
        self.fields["notices"].help_text = self.why_no_mail or _("Of what waits for you.")

    @property
    def why_no_mail(self) -> str:
        """Why this person cannot get e-mails; "" where they can."""
        if not notices.is_set_up():
            return _("This site sends no e-mails: no mail server is set up.")
        if not self.instance.email:
            return _("No e-mail address of yours is known here. An administrator can enter it.")
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """Show what a person has set, and change it; no role or permission is needed."""
    user = editor(request)
    form = OwnSettingsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        # What was saved is said in the language that was chosen.
        language = by_code(saved.preferred_language)
        with translation.override(language.code if language else translation.get_language()):
            messages.success(request, _("Your settings were saved."))
        return HttpResponseRedirect(reverse("own_settings"))
    fieldsets: Any = [(None, {"fields": list(form.fields)})]
    return TemplateResponse(
        request,
        "admin/ports/own_settings.html",
        {
            **admin.site.each_context(request),
            "title": _("Your settings"),
            "adminform": AdminForm(form, fieldsets, {}),
            "form": form,
        },
    )
