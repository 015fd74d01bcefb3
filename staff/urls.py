"""Addresses of the staff room."""

from django.urls import include, path

from staff.views import duty, imports, login, members, own, settings, start, units

app_name = "staff"

own_pages = [
    path("", own.profile, name="profile"),
    path("password/", own.password, name="password"),
    path("second-factor/", own.second_factor, name="second_factor"),
    path("idle/", own.idle, name="idle"),
]

unit_pages = [
    path("", units.unit_list, name="units"),
    path("new/", units.new_unit, name="unit_new"),
    path("<str:code>/", units.unit, name="unit"),
    path("<str:code>/edit/", units.edit_unit, name="unit_edit"),
    path("<str:code>/move/", units.move_unit, name="unit_move"),
    path("<str:code>/switch/", units.switch_unit, name="unit_switch"),
    path("<str:code>/roles/", units.grant_here, name="unit_grant"),
]

member_pages = [
    path("", members.member_list, name="members"),
    path("new/", members.new_member, name="member_new"),
    path("import/", imports.upload, name="import"),
    path("import/sample/", imports.sample_file, name="import_sample"),
    path("import/<uuid:run>/", imports.check, name="import_check"),
    path("<str:staff_no>/", members.member, name="member"),
    path("<str:staff_no>/edit/", members.edit_member, name="member_edit"),
    path("<str:staff_no>/password/", members.issue_password, name="member_password"),
    path("<str:staff_no>/unlock/", members.unlock, name="member_unlock"),
    path("<str:staff_no>/second-factor/", members.reset_second_factor, name="member_second_factor"),
    path("<str:staff_no>/leave/", members.leave, name="member_leave"),
    path("<str:staff_no>/return/", members.take_back, name="member_return"),
    path("<str:staff_no>/roles/", members.grant, name="member_grant"),
    path("<str:staff_no>/roles/revoke/", members.revoke, name="member_revoke"),
]

duty_pages = [
    path("", duty.now, name="duty"),
    path("<str:code>/", duty.week, name="duty_week"),
    path("<str:code>/remove/", duty.remove, name="duty_remove"),
    path("<str:code>/repeat/", duty.repeat, name="duty_repeat"),
]

urlpatterns = [
    path("", start.start, name="start"),
    path("login/", login.login, name="login"),
    path("login/code/", login.code, name="code"),
    path("logout/", login.logout, name="logout"),
    path("help/", start.help_page, name="help"),
    path("me/", include(own_pages)),
    path("settings/", settings.home, name="settings"),
    path("settings/audit/", settings.audit, name="audit"),
    path("settings/units/", include(unit_pages)),
    path("settings/members/", include(member_pages)),
    path("settings/duty/", include(duty_pages)),
    path("", include("staff.urls_calendar")),
]
