"""What crashes leave among the files of videos: found, told, removed."""
