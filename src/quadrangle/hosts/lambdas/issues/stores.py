"""What keeps issues. Apart from the issue service, as most reactions do without."""

from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.hosts.lambdas.base.parts import FunctionParts


def issue_store(parts: FunctionParts) -> DynamoIssueStore:
    return DynamoIssueStore(parts.dynamo, parts.tables)
