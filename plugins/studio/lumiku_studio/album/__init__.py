"""Many pictures at once, to be looked at: contact sheets and chosen pictures."""
