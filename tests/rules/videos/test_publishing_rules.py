"""Who may show a video to everyone."""

import pytest

from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal, Role
from quadrangle.videos.model import Visibility
from quadrangle.videos.publishing_rules import Publishers, require_may_show

_EVERYONE = {Visibility.CAMPUS, Visibility.PUBLIC}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("visibility", list(Visibility))
def test_where_anyone_publishes_each_visibility_is_free(role, visibility):
    require_may_show(visibility, Principal("Ada", role, "a"), Publishers.ANYONE)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_where_teachers_publish_students_reach_only_whom_they_choose(visibility):
    student = Principal("Ada", Role.STUDENT, "a")
    if visibility not in _EVERYONE:
        require_may_show(visibility, student, Publishers.TEACHERS)
        return
    with pytest.raises(InvalidInput) as refused:
        require_may_show(visibility, student, Publishers.TEACHERS)
    assert refused.value.errors[0].field == "visibility"


@pytest.mark.parametrize("role", [Role.TEACHER, Role.STAFF, Role.ADMIN])
def test_teachers_and_staff_publish(role):
    require_may_show(Visibility.PUBLIC, Principal("Ada", role, "a"), Publishers.TEACHERS)
