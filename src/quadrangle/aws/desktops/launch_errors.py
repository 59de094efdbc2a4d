"""What EC2's refusal of a launch means: (error) -> an exception of the port."""

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.ports import LaunchRefused, NoRoom, TokenMismatch, TokenSpent

# Some of these come with the status of a server's error, so codes are looked at first.
_NO_ROOM = {
    "InsufficientInstanceCapacity": "EC2 has no machine of this type free in this zone.",
    "InsufficientHostCapacity": "EC2 has no machine of this type free in this zone.",
    "InsufficientReservedInstanceCapacity": "EC2 has no machine of this type free in this zone.",
    "InsufficientFreeAddressesInSubnet": "The network of this zone has no address free.",
    "Unsupported": "EC2 has no machines of this type in this zone.",
    "InstanceLimitExceeded": "The account may run no more machines at once.",
    "VcpuLimitExceeded": "The account may use no more processors at once.",
    "MaxIOPSLimitExceeded": "The account may use no more disks at once.",
    "VolumeLimitExceeded": "The account may use no more disks at once.",
    "PendingVerification": "AWS is still checking the account for this region.",
}
# Nothing was made, but not because of what was asked: the next look asks again.
_TRY_AGAIN = {
    "AuthFailure",
    "ExpiredToken",
    "InvalidClientTokenId",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "EC2ThrottledException",
    "Throttling",
    "ThrottlingException",
    "ConcurrentTagAccess",
    "ResourceCountExceeded",
}
_NO_IMAGE = "There is no image of a desktop yet that machines could be made from."
_REFUSED = {
    "UnauthorizedOperation": "This installation is not allowed to launch machines.",
    "OptInRequired": "The account has not taken up what launching machines needs.",
    "Blocked": "AWS has blocked the account from launching machines.",
}
_SERVER_ERROR = 500


def meaning_of(error: ClientError) -> Exception:
    """Return what a refusal of RunInstances means to whoever asked for a machine."""
    code = code_of(error)
    if code in _NO_ROOM:
        return NoRoom(_NO_ROOM[code])
    if code == "IdempotentInstanceTerminated":
        return TokenSpent()
    if code == "IdempotentParameterMismatch":
        return TokenMismatch()
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVER_ERROR)
    if code in _TRY_AGAIN or status >= _SERVER_ERROR:
        return Unavailable()
    if code.startswith("InvalidAMIID") or "SSMParameter" in code:
        return LaunchRefused(_NO_IMAGE)
    return LaunchRefused(_REFUSED.get(code, f"EC2 refuses to launch this machine: {code}."))
