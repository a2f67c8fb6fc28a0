"""Tables of the documentation that are written from the rule file."""
