"""``python -m dateline`` is the same as the ``dateline`` command."""

from dateline.views.cli import main

if __name__ == "__main__":
    main()
