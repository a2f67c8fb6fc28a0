"""What an operator does with an installation as a whole: check, back up, restore."""
