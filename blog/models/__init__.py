from blog.models.author import Author
from blog.models.image import Image
from blog.models.key import Key
from blog.models.mail import QueuedMail
from blog.models.page import Page
from blog.models.post import Byline, Post
from blog.models.publication import Publication
from blog.models.tag import Tag
from blog.models.text import Text

__all__ = ["Author", "Byline", "Image", "Key", "Page", "Post", "Publication", "QueuedMail", "Tag", "Text"]
