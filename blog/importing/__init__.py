"""Texts from elsewhere: `formats` reads a file of any known kind, `posts` makes it a post."""
