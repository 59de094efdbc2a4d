"""Jobs on SQS and EventBridge Scheduler."""
