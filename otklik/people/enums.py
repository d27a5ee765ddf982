"""Roles of staff. What a role may do stands in rules, where it may do it in a membership (registry)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PAGE_ADMIN = "page_admin", _("администратор страницы")
    EXECUTOR = "executor", _("исполнитель")
    APPROVER = "approver", _("согласующий")
    CURATOR = "curator", _("куратор органа")
    BODY_HEAD = "body_head", _("руководитель органа")
    DISPATCHER = "dispatcher", _("диспетчер")
    ANALYST = "analyst", _("аналитик")
    METHODIST = "methodist", _("специалист по госпабликам")
    CENTER_HEAD = "center_head", _("руководитель центра")
    LIVE_EDITOR = "live_editor", _("редактор эфира")
    LIVE_HOST = "live_host", _("ведущий эфира")
    VIEWER = "viewer", _("наблюдатель")
    FEDERAL_VIEWER = "federal_viewer", _("федеральный наблюдатель")
    SYSTEM_ADMIN = "system_admin", _("администратор системы")
    SECURITY_OFFICER = "security_officer", _("сотрудник безопасности")
