"""The rule language: a programme's rules as data, read and checked."""
