"""What a teacher hands out: files that lie on the desktops of both."""
