"""The page cache: pages for readers, answered before Django's middleware (docs/decisions/0034).

door.py       takes requests and decides which may be answered from the cache
addresses.py  which addresses those are, and which parameters change their pages
pages.py      what is kept: each page compressed once, in bounded memory
stamp.py      asks the database whether anything that readers see has changed
triggers.py   has the database say so, whoever writes
changing.py   when a page changes although nobody writes
"""
