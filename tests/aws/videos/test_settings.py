"""What the stack's parameters are to the functions about videos."""

import pytest

from quadrangle.hosts.lambdas.base.environment import read_environment
from tests.aws.videos.studio import Studio
from tests.standin.expanded import expanded_templates
from tools.deploy_aws import require_possible


@pytest.mark.parametrize("zone", ["", "Europe/Amsterdam"])
def test_functions_are_told_the_time_zone_of_the_campus(zone: str):
    told = {"QUADRANGLE_PREFIX": "t-", "QUADRANGLE_TIME_ZONE": zone}
    assert read_environment(told).time_zone == zone
    functions = {
        name: each["Properties"]["Environment"]["Variables"]
        for name, each in expanded_templates()["videos"]["Resources"].items()
        if each["Type"] == "AWS::Lambda::Function"
    }
    assert functions
    for name, variables in functions.items():
        assert variables["QUADRANGLE_TIME_ZONE"] == {"Ref": "TimeZone"}, name


async def test_pages_are_told_it_too(studio: Studio):
    async with studio.person() as ada:
        options = await ada.get("/api/gallery/options")
    assert options.json()["time_zone"] == "Europe/Amsterdam"


@pytest.mark.parametrize("zone", ["", "UTC", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_there_is_can_be_deployed(zone: str):
    require_possible({"TimeZone": zone})


def test_one_that_is_none_is_refused_before_anything_is_deployed():
    with pytest.raises(SystemExit, match="takes a name such as Europe/Amsterdam"):
        require_possible({"TimeZone": "Amsterdam"})
