"""Who looks over whose shoulder, and who has keyboard and mouse."""
