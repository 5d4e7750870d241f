"""Every figure that the project quotes, one script a figure: `make bench`, or `python -m bench.<figure>`."""
