"""Forms of commissions: what people type, read exactly."""
