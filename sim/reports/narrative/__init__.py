"""What was found, in sentences: each finding is put into words once, for command line, pages and exports alike."""
