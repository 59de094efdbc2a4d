"""Courses: videos in an order, for members, the campus or everybody."""
