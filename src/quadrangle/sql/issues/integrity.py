"""What must hold among the records of issues."""

from quadrangle.sql.issues.counted_integrity import COUNTED_CHECKS

# Each finds rows that should not be; the sentence says what is wrong with them.
CHECKS = {
    "issue(s) without a change record of their report": """
        SELECT count(*) FROM issues i WHERE NOT EXISTS (
          SELECT 1 FROM changes c WHERE c.subject = i.issue_id AND c.kind = 'issue.reported')""",
    "report(s) in the change records without their issue": """
        SELECT count(*) FROM changes c WHERE c.kind = 'issue.reported' AND NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = c.subject)""",
    "conversation entries without their issue": """
        SELECT count(*) FROM comments e WHERE NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = e.issue_id)""",
    "photo record(s) without their issue": """
        SELECT count(*) FROM photos p WHERE NOT EXISTS (
          SELECT 1 FROM issues i WHERE i.issue_id = p.issue_id)""",
    "issue(s) whose number of photos is wrong": """
        SELECT count(*) FROM issues i WHERE i.photo_count <> (
          SELECT count(*) FROM photos p WHERE p.issue_id = i.issue_id)""",
    "issue(s) linked as duplicates of one that is not there": """
        SELECT count(*) FROM issues i WHERE i.duplicate_of IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM issues o WHERE o.issue_id = i.duplicate_of)""",
    **COUNTED_CHECKS,
}
