"""What an owner learns of how often a video is played: never who played it."""
