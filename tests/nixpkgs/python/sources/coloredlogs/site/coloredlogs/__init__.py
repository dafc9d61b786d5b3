"""What its .pth file announces."""

import humanfriendly

NAME = f"coloredlogs with {humanfriendly.NAME}"
