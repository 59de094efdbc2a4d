"""What runs on AWS, one entry each: functions, reactions, queues, tables to watch.

`make templates` (tools/write_templates.py) writes from it what repeats in deploy/aws/*.yaml: roles,
logs, queues, alarms, the dashboard, paths of the REST API. A service has a file here, and in it

| new | entry |
|---|---|
| something that happens after a change | `reaction(…)`, by itself or among those of a queue |
| a function that runs once a day | `Daily(…)` |
| a function that works off jobs of its own | `Worker(…)` |
| a function that runs every few minutes | `Often(…)` |
| a function that answers requests | `Http(…)` with its paths |

and its line in SERVICES below. The rest of a template is written by hand.
"""

from itertools import chain

from deploy.aws.inventory import accounts, audit, dispatch, issues, mail, meetings, videos
from deploy.aws.inventory.model import Inventory

SERVICES = (issues, meetings, accounts, audit, mail, dispatch, videos)
INVENTORY = Inventory(tuple(chain.from_iterable(each.STACKS for each in SERVICES)))
