"""Open data (開放資料): every table of results as CSV and JSON, with a Table Schema and a codebook.

Written once the ministry has decided and no decision stands refused: a proposal is nobody's to publish
(docs/decisions/0025). What goes out is declared in `fields.py`; nothing else can.
"""

from mlbatch.opendata.papers import FOLDER, held_back, papers

__all__ = ["FOLDER", "held_back", "papers"]
