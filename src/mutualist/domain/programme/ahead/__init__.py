"""What lies ahead of a partner, and what lay behind: history, differences, forecasts, the cheapest way up."""
