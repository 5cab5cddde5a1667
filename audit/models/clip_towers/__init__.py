"""What stands behind `clip:` specs: image and text towers, and the templates that options are put in."""
