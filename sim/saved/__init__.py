"""What people keep: scenarios under a name, and rooms. One database, by default a file."""
