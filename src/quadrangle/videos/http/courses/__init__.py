"""Courses, and the lists of videos that they are."""
