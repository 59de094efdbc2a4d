"""How many desktops the account has room for, and why no more."""

from datetime import timedelta

import msgspec
import pytest
from botocore.session import Session
from botocore.stub import Stubber

from quadrangle.aws.desktops.images import Images
from quadrangle.aws.desktops.quota import quota_of, read_capacity
from quadrangle.kernel.errors import Unavailable
from tests.standin.server import REGION


def clients(*, quota: float = 5.0):
    """EC2 and Service Quotas, which the stand-in has not, as they answer."""
    session = Session()
    session.set_credentials("test", "test")
    ec2, quotas = (session.create_client(each, REGION) for each in ("ec2", "service-quotas"))
    types = [
        {"InstanceType": name, "VCpuInfo": {"DefaultVCpus": 2}}
        for name in ("t3.large", "t3a.large")
    ]
    of_ec2, of_quotas = Stubber(ec2), Stubber(quotas)
    of_ec2.add_response(
        "describe_instance_types",
        {"InstanceTypes": types},
        {"InstanceTypes": ["t3.large", "t3a.large"]},
    )
    of_quotas.add_response(
        "get_service_quota",
        {"Quota": {"Value": quota}},
        {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"},
    )
    of_ec2.activate()
    of_quotas.activate()
    return quotas, ec2


@pytest.mark.parametrize(
    ("quota", "most", "desktops", "says"),
    [
        (5.0, 0, 2, "2 desktops fit at once by the account's quota of processors on EC2."),
        (1.0, 0, 0, "quota"),
        (32.0, 4, 4, "4 desktops may run at once, by the setting."),
        (4.0, 10, 2, "quota"),
    ],
)
def test_the_least_bound_counts(standin, provider, settings, clock, quota, most, desktops, says):
    chosen = msgspec.structs.replace(settings, most=most)
    images = Images(standin.client("ssm"), chosen, clock)
    capacity = read_capacity(*clients(quota=quota), images, chosen)
    assert capacity.desktops == desktops
    assert says in capacity.why


def test_without_an_image_there_is_none(standin, settings, clock):
    chosen = msgspec.structs.replace(settings, image_parameter="/nowhere")
    images = Images(standin.client("ssm"), chosen, clock)
    capacity = read_capacity(*clients(), images, chosen)
    assert capacity.desktops == 0
    assert "no image of a desktop yet" in capacity.why


def test_what_cannot_be_asked_is_unavailable(standin, settings, clock):
    quotas, ec2 = clients()
    images = Images(standin.client("ssm"), settings, clock)
    read_capacity(quotas, ec2, images, settings)
    with Stubber(ec2) as stub:
        stub.add_client_error("describe_instance_types", "UnauthorizedOperation")
        with pytest.raises(Unavailable):
            read_capacity(quotas, ec2, images, settings)


def test_the_lead_is_that_of_the_image(standin, settings, clock):
    ssm = standin.client("ssm")
    assert Images(ssm, settings, clock).lead() is None
    ssm.put_parameter(Name=settings.lead_parameter, Value="12", Type="String")
    assert Images(ssm, settings, clock).lead() == timedelta(minutes=12)


def test_quotas_go_by_families_of_types():
    assert {quota_of(each) for each in ("t3.large", "m7i.xlarge", "c6a.large")} == {"L-1216C47A"}
    assert quota_of("g5.xlarge") == "L-DB2E81BA"
    with pytest.raises(ValueError, match="quota"):
        quota_of("p5.48xlarge")
