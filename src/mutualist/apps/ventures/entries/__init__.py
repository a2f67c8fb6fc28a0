"""Every entry of a venture file as boxes with plain words: read, written, renamed and checked as a whole."""
