"""Addresses of the register at the desk, gathered here so that the queue's own stay readable."""

from django.urls import path
from django.urls.resolvers import URLPattern

from otklik.desk.views.register import (
    compliance,
    connecting,
    coverage,
    exports,
    imports,
    lookalikes,
    obligations,
    onboarding,
    organization,
    organizations,
    passports,
    tasks,
)
from otklik.desk.views.register import pages as official

_BODIES = "desk/register/organizations"
_BODY = f"{_BODIES}/<int:pk>"
_PAGE = "desk/register/pages/<int:pk>"
_IMPORT = "desk/register/imports/<int:pk>"
_CASE = "desk/register/onboarding/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("desk/register/", organizations.organizations, name="register_organizations"),
    path(f"{_BODIES}/new", organization.new, name="register_organization_new"),
    path(f"{_BODY}", organization.organization, name="register_organization"),
    path(f"{_BODY}/edit", organization.edit, name="register_organization_edit"),
    path(f"{_BODY}/close", organization.close, name="register_organization_close"),
    path(f"{_BODY}/reopen", organization.reopen, name="register_organization_reopen"),
    path(f"{_BODY}/history", organization.story, name="register_organization_history"),
    path(
        f"{_BODY}/obligations/<slug:network>",
        obligations.obligation,
        name="register_organization_obligation",
    ),
    path(f"{_BODY}/connect/<slug:network>", onboarding.start, name="register_organization_connect"),
    path(f"{_BODY}/pages/new", official.new, name="register_page_new"),
    path(f"{_PAGE}", official.page, name="register_page"),
    path(f"{_PAGE}/edit", official.edit, name="register_page_edit"),
    path(f"{_PAGE}/badge", official.badge, name="register_page_badge"),
    path(f"{_PAGE}/close", official.close, name="register_page_close"),
    path(f"{_PAGE}/reopen", official.reopen, name="register_page_reopen"),
    path(f"{_PAGE}/history", official.story, name="register_page_history"),
    path("desk/register/onboarding", onboarding.onboarding, name="register_onboarding"),
    path(f"{_CASE}", onboarding.case, name="register_case"),
    path(f"{_CASE}/advance", onboarding.advance, name="register_case_advance"),
    path(f"{_CASE}/back", onboarding.back, name="register_case_back"),
    path(f"{_CASE}/cancel", onboarding.cancel, name="register_case_cancel"),
    path(f"{_CASE}/tick", onboarding.tick, name="register_case_tick"),
    path(f"{_CASE}/page", onboarding.page, name="register_case_page"),
    path(f"{_CASE}/key", connecting.key, name="register_case_key"),
    path("desk/register/passports/", passports.passports, name="register_passports"),
    path("desk/register/passports/<int:pk>", passports.one, name="register_passport"),
    path("desk/register/passports/<int:pk>/check", tasks.check_now, name="register_passport_check"),
    path(
        "desk/register/passports/<int:pk>/attest/<slug:code>", tasks.attest, name="register_passport_attest"
    ),
    path(
        "desk/register/passports/<int:pk>/withdraw/<slug:code>",
        tasks.withdraw,
        name="register_passport_withdraw",
    ),
    path("desk/register/tasks/<int:pk>", tasks.task, name="register_task"),
    path("desk/register/tasks/<int:pk>/done", tasks.done, name="register_task_done"),
    path("desk/register/tasks/<int:pk>/postpone", tasks.postpone, name="register_task_postpone"),
    path("desk/register/tasks/<int:pk>/cancel", tasks.cancel, name="register_task_cancel"),
    path("desk/register/lookalikes/", lookalikes.lookalikes, name="register_lookalikes"),
    path("desk/register/lookalikes/<int:pk>", lookalikes.lookalike, name="register_lookalike"),
    path("desk/register/lookalikes/<int:pk>/decide", lookalikes.decide, name="register_lookalike_decide"),
    path("desk/register/lookalikes/<int:pk>/reopen", lookalikes.reopen, name="register_lookalike_reopen"),
    path("desk/register/lookalikes/<int:pk>/take", lookalikes.take_in, name="register_lookalike_take_in"),
    path("desk/register/imports/", imports.brought, name="register_imports"),
    path("desk/register/imports/receive", imports.receive, name="register_import_receive"),
    path(f"{_IMPORT}", imports.one, name="register_import"),
    path(f"{_IMPORT}/state", imports.state, name="register_import_state"),
    path(f"{_IMPORT}/mapping", imports.mapping, name="register_import_mapping"),
    path(f"{_IMPORT}/apply", imports.apply, name="register_import_apply"),
    path(f"{_IMPORT}/undo", imports.undo, name="register_import_undo"),
    path(f"{_IMPORT}/again", imports.again, name="register_import_again"),
    path(f"{_IMPORT}/rows/<int:row>/take", imports.take, name="register_import_take"),
    path(f"{_IMPORT}/rows/<int:row>/restore", imports.restore, name="register_import_restore"),
    path("desk/register/export", exports.export, name="register_export"),
    path("desk/register/mine", tasks.my_pages, name="register_my_pages"),
    path("desk/register/coverage", coverage.coverage, name="register_coverage"),
    path("desk/register/coverage.xlsx", coverage.coverage_xlsx, name="register_coverage_xlsx"),
    path("desk/register/coverage/press", coverage.press, name="register_coverage_press"),
    path("desk/register/coverage/gaps", coverage.gaps, name="register_coverage_gaps"),
    path("desk/register/coverage/gaps.xlsx", coverage.gaps_xlsx, name="register_coverage_gaps_xlsx"),
    path("desk/register/compliance", compliance.compliance, name="register_compliance"),
    path("desk/register/compliance.xlsx", compliance.compliance_xlsx, name="register_compliance_xlsx"),
]
