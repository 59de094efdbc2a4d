"""What keeps issues. Apart from the issue service, as most reactions do without."""

from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.hosts.lambdas.base.parts import Parts


def issue_store(parts: Parts) -> DynamoIssueStore:
    return DynamoIssueStore(parts.dynamo, parts.tables)
