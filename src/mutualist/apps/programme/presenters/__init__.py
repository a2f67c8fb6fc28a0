"""What pages of programmes show, made of values."""
