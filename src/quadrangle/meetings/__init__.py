"""Meet: tutoring meetings, each with two desktops made for the hour and a video room."""
