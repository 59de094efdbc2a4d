"""Who else may watch: named people, links, feeds, and pages of others."""
