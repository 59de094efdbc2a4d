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
# Signs addresses by which machines fetch and send files.
ANSWER_MACHINES: tuple[Right, ...] = (
    may("s3", "ListBucket", '!Sub "arn:${AWS::Partition}:s3:::${DesktopBucket}"'),
    may("s3", "GetObject", '!Sub "arn:${AWS::Partition}:s3:::${DesktopBucket}/given/*"'),
    may("s3", "PutObject", '!Sub "arn:${AWS::Partition}:s3:::${DesktopBucket}/take-home/*"'),
)
