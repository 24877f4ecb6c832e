"""From a document to a post. Running an import again changes nothing that has not changed in its file."""

import hashlib
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from blog import slugs
from blog.importing import formats
from blog.importing.document import Document, Signature, UnreadableDocumentError
from blog.markup import POST_LIMIT
from blog.models import Author, Post, Tag


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"


def import_file(path: Path) -> tuple[Result, str]:
    """Make the file a published post, never mailed; return what came of it and the post's slug.

    A file that was imported before updates its post, unless the post's text was changed in Byline since: then the
    post stays as it is. Raises UnreadableDocumentError for a file that cannot become a post.
    """
    document = formats.read(path)
    key = import_key(document)
    check_lengths(document)
    digest = digest_of(document)
    with transaction.atomic():
        post = Post.objects.filter(import_key=key).first()
        if post is not None and post.import_digest == digest:
            return Result.UNCHANGED, post.slug
        if post is None and not slugs.is_free(key):
            return Result.KEPT, key
        if post is not None and edited_since_import(post):
            return Result.KEPT, post.slug
        result = Result.CREATED if post is None else Result.UPDATED
        post = post or Post(slug=key, import_key=key)
        fill(post, document, digest)
        return result, post.slug


def import_key(document: Document) -> str:
    slug = slugs.slug_of(document.slug or document.title)
    if not slug:
        raise UnreadableDocumentError("the title has no letter to make an address of; add `slug:` to the front matter.")
    return slug


def check_lengths(document: Document) -> None:
    for name, text, limit in [
        ("title", document.title, 300),
        ("subtitle", document.subtitle, 500),
        ("text", document.text, POST_LIMIT),
    ]:
        if len(text) > limit:
            raise UnreadableDocumentError(f"the {name} has {len(text):,} characters; {limit:,} is the most.")


def digest_of(document: Document) -> str:
    return hashlib.sha256(repr(document).encode()).hexdigest()


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def edited_since_import(post: Post) -> bool:
    return post.import_text_digest != text_digest(post.source)


def fill(post: Post, document: Document, digest: str) -> None:
    post.title = document.title
    post.subtitle = document.subtitle
    post.source = document.text
    post.published_at = None if document.draft else document.date or post.published_at or timezone.now()
    post.imported_at = timezone.now()
    post.import_digest = digest
    post.import_text_digest = text_digest(document.text)
    post.save()
    post.sign(list(dict.fromkeys(author_of(signature) for signature in document.authors)))
    post.tags.set([tag_of(name) for name in document.tags])


def author_of(signature: Signature) -> Author:
    slug = slugs.slug_of(signature.name) or "author"
    author, _created = Author.objects.get_or_create(
        slug=slug, defaults={"name": signature.name[:200], "tagline": signature.tagline[:300]}
    )
    if signature.tagline and not author.tagline:
        author.tagline = signature.tagline[:300]
        author.save(update_fields=["tagline"])
    return author


def tag_of(name: str) -> Tag:
    slug = slugify(name, allow_unicode=True)[:100] or "tag"
    return Tag.objects.get_or_create(slug=slug, defaults={"name": name[:100]})[0]
