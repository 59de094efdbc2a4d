"""Meetings in people's own calendars: invitations, files and feeds."""
