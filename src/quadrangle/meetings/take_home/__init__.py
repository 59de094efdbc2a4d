"""What people take home from the desktops of a meeting."""
