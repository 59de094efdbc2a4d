"""The audit: what writes it, and what checks it."""

from deploy.aws.inventory.model import Daily, Stack, Table, reaction
from deploy.aws.inventory.rights import arn, attribute, may, table

_KEY = {"AUDIT_KEY": "!GetAtt AuditKeySecret.Id"}
_READ_KEY = may("secretsmanager", "GetSecretValue", attribute("AuditKeySecret.Id"))
_RECORDS = attribute("AuditTable.Arn")

KEEP = reaction(
    "accounts.audit",
    "Keeps a record of every change that matters.",
    (may("dynamodb", "GetItem PutItem", _RECORDS), _READ_KEY),
    variables=_KEY,
    # every record goes behind the last one: more at once only wait for each other
    at_once=2,
)

CHECK = Daily(
    name="audit-check",
    does="Walks the chain and compares it with the changes; fails, and so rings, when something"
    " is wrong.",
    handler="audit.check",
    at="3:20",
    alarm="The audit is not what was written, or could not be checked: the log of audit-check"
    " tells.",
    # it reads everything there is, with a whole processor, which comes with so many megabytes;
    # what takes longer it goes on with in a call it makes itself
    timeout=900,
    memory="1769",
    calls_itself=True,
    retries=0,  # whoever is told asks again by hand
    variables=_KEY,
    rights=(
        may("dynamodb", "GetItem BatchGetItem Query", _RECORDS),
        may("dynamodb", "BatchGetItem Scan", table("Changes")),
        may("lambda", "InvokeFunction", arn("lambda", "function:${Prefix}audit-check")),
        _READ_KEY,
    ),
)

STACKS = (Stack("audit", (KEEP, CHECK), (Table("Audit"),)),)
