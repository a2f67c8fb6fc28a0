"""Every write of programmes: load, authorise, change, record, in one transaction."""
