from blog.models.addresses import FormerSlug, PreviewLink
from blog.models.author import Author
from blog.models.conversation import CommentsHeld
from blog.models.image import Image
from blog.models.key import Key
from blog.models.listing import Listing
from blog.models.mail import QueuedMail
from blog.models.navigation import NavigationLink
from blog.models.notes import Correction, Source
from blog.models.one_row import OneRow
from blog.models.page import Page
from blog.models.post import Byline, Post
from blog.models.publication import Publication
from blog.models.search_entry import SearchEntry
from blog.models.series import Series
from blog.models.tag import Tag
from blog.models.tally import Tally
from blog.models.text import Text
from blog.models.working_copy import WorkingCopy

__all__ = [
    "Author",
    "Byline",
    "CommentsHeld",
    "Correction",
    "FormerSlug",
    "Image",
    "Key",
    "Listing",
    "NavigationLink",
    "OneRow",
    "Page",
    "Post",
    "PreviewLink",
    "Publication",
    "QueuedMail",
    "SearchEntry",
    "Series",
    "Source",
    "Tag",
    "Tally",
    "Text",
    "WorkingCopy",
]
