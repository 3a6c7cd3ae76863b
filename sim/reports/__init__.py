"""What is handed on: model cards and the reference, written from scenarios and from the code's own registries."""
