"""Settings, URLs and entry points of the Django project."""
