"""Headers that keep a hostile text or file from doing anything in a browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

POLICY = (
    "default-src 'self'; img-src 'self' data: {images}; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
IMAGES_OF_NETWORKS = "https://*.userapi.com https://*.vk.com https://*.vk.ru"


class SecurityHeaders(MiddlewareMixin):
    """Content-Security-Policy without inline code on every page of ours; pictures only from known networks."""

    def process_response(self, _request: HttpRequest, response: HttpResponse) -> HttpResponse:
        networks = f"{IMAGES_OF_NETWORKS} {settings.VK_SITE_URL} {settings.VK_API_URL}"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(images=networks))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
