"""What a page says of itself: title, authors, dates, site, language, address, description, image."""

from declutter.metadata.record import Metadata

__all__ = ["Metadata"]
