"""One file a page, named by what a person does there."""
