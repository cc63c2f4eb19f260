"""`python -m declutter`: the command, where its own folder is on no path."""

from declutter.cli import run

if __name__ == "__main__":
    run()
