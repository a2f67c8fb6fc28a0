"""Every write of commissions: load, authorise, change, record, in one transaction."""
