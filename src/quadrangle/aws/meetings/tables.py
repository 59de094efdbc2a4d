"""The table of meetings on DynamoDB, and its indexes.

| partition key | sort key |
|---|---|
| id: a meeting's | part: `meeting`, `control`, `room`, `connection#…` |
| id: a meeting's | part: `participant#…`, `message#<place>`, `sheet#<kind>` |
| id: `taken#<person>`, `busy#<week>`, `machine#…`, `ticket#…` | part |
| id: `hours#<teacher>`, `feed#…`, `feed-address#<hash>` | part |
| id: `published-hours` | part: folded name and teacher |
| id: `launches#<workspace>`, `reap-marks#all`, `guests#<machine>` | part |
"""

MEETINGS = "Meetings"

MEETINGS_BY_STATUS = "status-place-index"
MEETINGS_BY_TEACHER = "teacher_id-place-index"
MEETINGS_BY_STUDENT = "student_id-place-index"
MEETINGS_BY_LOOK = "due-look_at-index"
