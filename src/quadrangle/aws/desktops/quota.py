"""How many desktops the account has room for."""

import re
from typing import Any

from quadrangle.aws.base.errors import translated
from quadrangle.aws.desktops.images import NO_IMAGE, Images
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.meetings.desktops.ports import Capacity

# Running on-demand instances, in processors, by the letters that types of a family begin with.
_QUOTAS = {
    **dict.fromkeys("acdhimrtz", "L-1216C47A"),
    **dict.fromkeys(("g", "vt"), "L-DB2E81BA"),
}
_FAMILY = re.compile(r"[a-z]+")


def read_capacity(quotas: Any, ec2: Any, images: Images, settings: Ec2Settings) -> Capacity:
    """Return how many fit, by the account's quota of processors and by the setting.

    The least of what every type allows: a launch falls back on any of them. What else runs in the
    account takes from the same quota, which this does not see. `quotas` is a client of Service
    Quotas. Raises Unavailable.
    """
    if not images.is_there():
        return Capacity(0, NO_IMAGE)
    fits = min(_by_quota(quotas, ec2, settings))
    if settings.most and settings.most < fits:
        return Capacity(settings.most, f"{settings.most} desktops may run at once, by the setting.")
    return Capacity(
        fits, f"{fits} desktops fit at once by the account's quota of processors on EC2."
    )


def _by_quota(quotas: Any, ec2: Any, settings: Ec2Settings) -> list[int]:
    with translated():
        described = ec2.describe_instance_types(InstanceTypes=list(settings.machine_types))
        processors = {
            each["InstanceType"]: each["VCpuInfo"]["DefaultVCpus"]
            for each in described["InstanceTypes"]
        }
        codes = {name: quota_of(name) for name in processors}
        known = {
            code: quotas.get_service_quota(ServiceCode="ec2", QuotaCode=code)["Quota"]["Value"]
            for code in sorted(set(codes.values()))
        }
    return [int(known[codes[name]] // processors[name]) for name in processors]


def quota_of(machine_type: str) -> str:
    """Return the code of the quota that a type counts with. Raises ValueError for one unknown."""
    family = _FAMILY.match(machine_type)
    code = _QUOTAS.get(family[0]) if family else None
    if code is None:
        raise ValueError(f"no type of machine whose quota is known: {machine_type!r}")
    return code
