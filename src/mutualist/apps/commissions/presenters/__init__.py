"""Commissions as pages, papers and tables show them."""
