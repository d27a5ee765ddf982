"""The language a person chose and the time zone of the region, for every page of staff."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class StaffSettings:
    """A chosen language wins over the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a request with a session cookie can belong to a person: callbacks must not pay for a look-up.
        if request.COOKIES.get("sessionid") and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
