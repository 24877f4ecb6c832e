"""Lists from elsewhere: `files` reads them, `formats` knows whose they are, `bringing` puts people on the list.

What is believed, and what is never done: docs/decisions/0032-what-an-import-believes.md.
"""
