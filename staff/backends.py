"""Who a session belongs to, read with the unit that every page names."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from staff.models import Member


class MemberBackend(ModelBackend):
    """Django's own check of passwords; the member comes with the home unit in one query."""

    def get_user(self, user_id: Any) -> Member | None:
        member = Member.objects.select_related("home_unit").filter(pk=user_id).first()
        return member if member and self.user_can_authenticate(member) else None
