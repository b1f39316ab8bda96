"""Members of what is sent, with sentences on what is wrong that exist in every language.

The framework's own exist in most.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ports.api import language as language_of_api
from ports.api import parameters
from ports.languages import Language, from_tag

_one_of: Final = lazy(parameters.must_be_one_of, str)
_integer: Final = lazy(parameters.must_be_integer, str)
_longer: Final = lazy(parameters.is_longer, str)
_no_language: Final = lazy(language_of_api.is_unknown, str)
_empty: Final = lazy(parameters.is_empty, str)


def integer(most: int) -> Any:
    """A whole number from 0."""
    sentence = _integer(0, most)
    keys = ("null", "invalid", "min_value", "max_value", "max_string_length")
    return serializers.IntegerField(
        min_value=0,
        max_value=most,
        required=False,
        error_messages=dict.fromkeys(keys, sentence),
    )


def one_of(values: Sequence[str]) -> Any:
    """One of a few words."""
    sentence = _one_of(values)
    keys = ("null", "invalid_choice")
    return serializers.ChoiceField(
        values, required=False, error_messages=dict.fromkeys(keys, sentence)
    )


class _LanguageField(serializers.Field):
    def to_internal_value(self, said: Any) -> Language:
        found = from_tag(said) if isinstance(said, str) else None
        if found is None:
            raise serializers.ValidationError(language_of_api.is_unknown())
        return found


def language() -> Any:
    """One of the site's languages, by its tag."""
    return _LanguageField(required=False, error_messages={"null": _no_language()})


def text(most: int) -> Any:
    """A text of some characters."""
    return serializers.CharField(
        max_length=most,
        required=False,
        error_messages={
            "null": _empty(),
            "blank": _empty(),
            "invalid": _("Enter a valid value."),
            "max_length": _longer(most),
        },
    )
