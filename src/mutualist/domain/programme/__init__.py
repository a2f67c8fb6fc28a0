"""Partner programmes: rules as data, levels, enquiries, protected projects, commissions (area F)."""
