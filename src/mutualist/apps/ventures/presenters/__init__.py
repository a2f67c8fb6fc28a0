"""From outcomes to what a page shows: sentences first, then pictures, then tables."""
