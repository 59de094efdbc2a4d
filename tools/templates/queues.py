"""Queues and their dead letters, as CloudFormation."""

from deploy.aws.inventory.model import MachineQueue, Queue


def queue_of_jobs(logical_id: str, name: str) -> str:
    """Return the queue that a function works off; what it cannot do goes to the dead letters."""
    return f"""{logical_id}Queue:
  Type: AWS::SQS::Queue
  Properties:
    QueueName: !Sub "${{Prefix}}{name}"
    SqsManagedSseEnabled: true
    # six times the longest a function may take
    VisibilityTimeout: 360
    MessageRetentionPeriod: 1209600
    RedrivePolicy:
      deadLetterTargetArn: !Ref DeadLetters
      # far above the attempts of every job, which end there with their error: AWS counts also
      # what it had no container for, days of which must pass until a job is here that never ran
      maxReceiveCount: 1000
"""


def dead_letters(queue: Queue) -> str:
    """Return a queue that nobody works off."""
    return f"""{queue.id}:
  Type: AWS::SQS::Queue
  Properties:
    QueueName: !Sub "${{Prefix}}{queue.name}"
    SqsManagedSseEnabled: true
    MessageRetentionPeriod: 1209600
"""


def of_machines(entry: MachineQueue) -> str:
    """Return a queue that machines work off, and where goes what they cannot."""
    return f"""# {entry.why}
{entry.id}Queue:
  Type: AWS::SQS::Queue
  Properties:
    QueueName: !Sub "${{Prefix}}{entry.name}"
    SqsManagedSseEnabled: true
    VisibilityTimeout: {entry.hidden_s}
    MessageRetentionPeriod: 1209600
    RedrivePolicy:
      deadLetterTargetArn: !GetAtt {entry.id}DeadLetters.Arn
      maxReceiveCount: {entry.receives}

""" + dead_letters(Queue(f"{entry.id}DeadLetters", f"{entry.name}-dead"))
