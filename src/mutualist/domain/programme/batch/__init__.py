"""Rules as one query over many partners."""
