"""Programs for those who work on nixpy, which the wheel leaves out."""
