"""From a verdict to what a page shows: pure, frozen, in the reader's language."""
