"""The addresses of the pages."""

from __future__ import annotations

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from kedang.web.routes import touches_none
from kedang.web.views import (
    compliance,
    customers,
    health,
    imports,
    ledger,
    matters,
    notices,
    people,
    registers,
    requests,
    todo,
    writing,
)

urlpatterns = [
    path("", todo.todo, name="home"),
    path("todo/together", todo.together, name="todo_together"),
    path("notices/", notices.notices, name="notices"),
    path("notices/preferences", notices.preferences, name="notice_preferences"),
    path("notices/<int:notice>/confirm", notices.confirm, name="notice_confirm"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:call>/", requests.one, name="request"),
    path("requests/<int:call>/withdraw", requests.back, name="request_withdraw"),
    path("requests/<int:call>/signer", requests.more, name="request_signer"),
    path("healthz", health.healthz, name="healthz"),
    path("customers/", customers.customers, name="customers"),
    path("customers/new", writing.new, name="customer_new"),
    path("customers/new/twins", writing.twins, name="customer_twins"),
    path("customers/<str:code>/", customers.customer, name="customer"),
    path("customers/<str:code>/edit", writing.edit, name="customer_edit"),
    path("customers/<str:code>/history", customers.history, name="customer_history"),
    path("customers/<str:code>/reveal", writing.reveal, name="customer_reveal"),
    path("customers/<str:code>/assign", writing.assign, name="customer_assign"),
    path("customers/<str:code>/file", writing.file, name="customer_file"),
    path("imports/", imports.batches, name="imports"),
    path("imports/new", imports.new, name="import_new"),
    path("imports/<int:batch>/", imports.batch, name="import"),
    path("imports/<int:batch>/mapping", imports.mapping, name="import_mapping"),
    path("imports/<int:batch>/commit", imports.commit, name="import_commit"),
    path("imports/<int:batch>/progress", imports.progress, name="import_progress"),
    path("imports/<int:batch>/cancel", imports.cancel, name="import_cancel"),
    path("imports/<int:batch>/undo", imports.undo, name="import_undo"),
    path("imports/<int:batch>/errors", imports.errors, name="import_errors"),
    path("registers/", registers.registers, name="registers"),
    path("registers/<str:register>/", registers.register, name="register"),
    path("registers/<str:register>/print", registers.printed, name="register_print"),
    path("registers/<str:register>/rows/<path:number>", registers.row, name="register_row"),
    path("registers/<str:register>/files/<str:token>/<path:number>", registers.file, name="register_file"),
    path("matters/", matters.matters, name="matters"),
    path("matters/<str:op>/", matters.matter, name="matter"),
    path("ledger/", ledger.entries, name="ledger"),
    path("ledger/verify", ledger.verify, name="ledger_verify"),
    path("ledger/export", ledger.export, name="ledger_export"),
    path("people/", people.people, name="people"),
    path("people/deputies", people.name_deputy, name="deputy_name"),
    path("people/deputies/end", people.end_deputy, name="deputy_end"),
    path("regulation/", compliance.regulation, name="regulation"),
    path("regulation/compliance/", compliance.compliance, name="compliance"),
    path("regulation/compliance/report", compliance.report, name="compliance_report"),
    path("regulation/compliance/reports/<str:number>.<str:kind>", compliance.printed, name="compliance_paper"),
    path("regulation/compliance/rows/<str:control>/", compliance.rows, name="compliance_rows"),
    path("account/login/", touches_none(account.login), name="account_login"),
    path("account/logout/", touches_none(account.logout), name="account_logout"),
    path("account/inactive/", touches_none(login_not_required(account.account_inactive)), name="account_inactive"),
    path("account/password/", touches_none(account.password_change), name="account_change_password"),
    path("account/confirm/", touches_none(account.reauthenticate), name="account_reauthenticate"),
    path("account/language/", touches_none(login_not_required(set_language)), name="set_language"),
]
