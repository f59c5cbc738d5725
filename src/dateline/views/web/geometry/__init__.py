"""The outline of the land and the projections it is drawn in (README.md says where it is from)."""
