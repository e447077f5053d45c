"""bdesk: a terminal desk for hotline agents."""

import os

__version__ = "0.1.0"

# The kitty keyboard protocol garbles what Chinese input methods commit, and Textual reads this
# variable while it is being imported: so it stands here, before any such import can happen.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
