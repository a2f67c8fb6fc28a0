"""Every read of programmes; each asks who is reading."""
