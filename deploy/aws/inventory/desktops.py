"""What functions may do with desktops: rights for the functions of meetings.

They name parameters of the template they are written into, which template.yaml fills from outputs
of desktops.yaml: DesktopTemplate (LaunchTemplate), DesktopRole (MachineRole), DesktopDoor (Door),
DesktopSubnetA and B, DesktopBucket (Bucket); and from its own parameters: DesktopImage and
DesktopLead (ImageParameter, LeadParameter), CloudflareSecretArn. The setting DESKTOPS is the output
Settings: `{"DESKTOPS": "!Ref Desktops"}`.
"""

from deploy.aws.inventory.model import Right
from deploy.aws.inventory.rights import arn, may, ref

_EC2 = "arn:${AWS::Partition}:ec2:${AWS::Region}:"
_TEMPLATE = '!Sub "' + _EC2 + '${AWS::AccountId}:launch-template/${DesktopTemplate}"'
_OURS = '{"aws:RequestTag/quadrangle:installation": !Ref Prefix}'
_FROM_TEMPLATE = f'ArnEquals: {{"ec2:LaunchTemplate": {_TEMPLATE}}}'
_MADE = tuple(arn("ec2", f"{kind}/*") for kind in ("instance", "volume", "network-interface"))

# Launches, describes and ends machines, and writes their names.
MAKE_DESKTOPS: tuple[Right, ...] = (
    may(
        "ec2",
        "RunInstances",
        *_MADE,
        why="machines are ours from the first moment, and made from our template alone",
        condition=f"StringEquals: {_OURS}\n{_FROM_TEMPLATE}",
    ),
    may(
        "ec2",
        "RunInstances",
        _TEMPLATE,
        arn("ec2", "security-group/${DesktopDoor}"),
        f'!Sub "{_EC2}:image/*"',
        why="nothing that the template says may be said otherwise",
        condition=f'Bool: {{"ec2:IsLaunchTemplateResource": "true"}}\n{_FROM_TEMPLATE}',
    ),
    may(
        "ec2",
        "RunInstances",
        arn("ec2", "subnet/${DesktopSubnetA}"),
        arn("ec2", "subnet/${DesktopSubnetB}"),
        condition=_FROM_TEMPLATE,
    ),
    may(
        "ec2",
        "CreateTags",
        *_MADE,
        condition='StringEquals: {"ec2:CreateAction": RunInstances}',
    ),
    may(
        "ec2",
        "TerminateInstances",
        arn("ec2", "instance/*"),
        condition='StringEquals: {"aws:ResourceTag/quadrangle:installation": !Ref Prefix}',
    ),
    may(
        "ec2",
        "DescribeInstances DescribeInstanceTypes",
        '"*"',
        why="describing knows no resources",
    ),
    may(
        "iam",
        "PassRole",
        ref("DesktopRole"),
        condition='StringEquals: {"iam:PassedToService": ec2.amazonaws.com}',
    ),
    may(
        "ssm",
        "GetParameter GetParameters",
        arn("ssm", "parameter${DesktopImage}"),
        arn("ssm", "parameter${DesktopLead}"),
    ),
    may(
        "servicequotas",
        "GetServiceQuota",
        arn("servicequotas", "ec2/L-1216C47A"),
        arn("servicequotas", "ec2/L-DB2E81BA"),
    ),
    may("secretsmanager", "GetSecretValue", ref("CloudflareSecretArn")),
)
_BUCKET = "arn:${AWS::Partition}:s3:::${DesktopBucket}"


def _files(folder: str) -> str:
    return f'!Sub "{_BUCKET}/{folder}/*"'


_LIST = may("s3", "ListBucket", f'!Sub "{_BUCKET}"')
# Signs addresses by which machines fetch and send files.
ANSWER_MACHINES: tuple[Right, ...] = (
    _LIST,
    may("s3", "GetObject", _files("given")),
    may("s3", "PutObject", _files("take-home")),
)
# Signs those by which browsers do, and takes in what was sent.
ANSWER_BROWSERS: tuple[Right, ...] = (
    may("s3", "GetObject", _files("take-home")),
    may("s3", "GetObject PutObject DeleteObject", _files("incoming")),
    may("s3", "GetObject PutObject DeleteObject", _files("handouts")),
)
# Puts files where machines fetch them, and keeps what is taken home.
CARRY_FILES: tuple[Right, ...] = (
    _LIST,
    may("s3", "GetObject DeleteObject", _files("handouts")),
    may("s3", "GetObject PutObject DeleteObject", _files("given")),
    may("s3", "GetObject PutObject DeleteObject AbortMultipartUpload", _files("take-home")),
    may("ec2", "DescribeInstances", '"*"', why="describing knows no resources"),
)
