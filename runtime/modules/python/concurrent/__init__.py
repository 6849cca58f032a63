"""Ways of doing several things at a time."""
