"""What the editor asks the server for while somebody writes: a preview, a place for a picture, Markdown for rich text.

django-markdownx's own views are never mounted: they ask nobody who they are, and keep files as they came
(docs/decisions/0006-an-editor-of-our-own-around-markdownx.md).
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from blog import images
from blog.bodies import length
from blog.forms import UploadForm
from blog.markup import POST_LIMIT, render_post
from blog.models import Image, Post
from blog.readers import staff_user

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]


class Limit(NamedTuple):
    """How long a request may be, and what is said to who sends a longer one."""

    most_bytes: int
    sentence: "StrOrPromise"


TEXT = Limit(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _lazy("This is more text than can be taken at once."))
PICTURE = Limit(
    images.LARGEST_UPLOAD + 64 * 1024,  # with the words that come along
    _lazy("This file is larger than 20 MB. Make it smaller and send it again."),
)
WRITING = ("blog.change_post", "blog.write_own_post", "blog.change_page")


def for_staff(*permissions: str, limit: Limit) -> Callable[[View], View]:
    """Let in who has one of these permissions, with a POST of at most this length that carries Django's token.

    In this order: looking for the token reads the whole request, which nobody's upload is worth before it is known
    whose it is and how long.
    """

    def decorate(view: View) -> View:
        with_token = csrf_protect(view)

        @csrf_exempt  # `with_token` asks for it, at its turn
        @require_POST
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            user = staff_user(request)
            if user is None:
                return refuse(_("You are signed out. Sign in again in another tab, then come back to this one."), 403)
            if not any(user.has_perm(permission) for permission in permissions):
                return refuse(_("Your account is not allowed to do this."), 403)
            if length(request) > limit.most_bytes:
                return refuse(limit.sentence, 413)
            return with_token(request)

        return guarded

    return decorate


def refuse(sentence: "StrOrPromise", status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def to_html(source: str) -> str:
    """What django-markdownx calls, should it ever be asked to render: the same as for the page."""
    return render_post(source).html


@for_staff(*WRITING, limit=TEXT)
def preview(request: HttpRequest) -> HttpResponse:
    """Show a text as readers will see it, with the page's own renderer and style sheet. Stores nothing."""
    post = Post(title=request.POST.get("title", ""), source=request.POST.get("content", ""))
    if len(post.source) > POST_LIMIT:
        return refuse(_("A text has at most %d characters. Make two of it.") % POST_LIMIT, 422)
    post.render()
    return render(request, "blog/editor_preview.html", {"post": post})


@for_staff("blog.add_image", limit=PICTURE)
def upload(request: HttpRequest) -> HttpResponse:
    """Store a picture and answer with the Markdown that shows it."""
    image = Image(uploaded_by=staff_user(request))
    files = MultiValueDict({"file": request.FILES.getlist("image")})  # "image" is django-markdownx's name for it
    form = UploadForm(request.POST, files, instance=image)
    if not form.is_valid():
        return refuse(str(next(iter(form.errors.values()))[0]), 422)
    try:
        image = form.save()
    except OSError:
        logger.exception("A picture could not be stored")
        return refuse(_("The server has no room for this picture. Tell who looks after it, and keep the file."), 503)
    answer = {"image_code": image.markdown, "url": image.file.url, "alt": image.alt}
    return JsonResponse({**answer, "width": image.width, "height": image.height}, status=201)


@for_staff(*WRITING, limit=TEXT)
def paste(request: HttpRequest) -> HttpResponse:
    """Answer with Markdown for the HTML that a browser found on the clipboard."""
    from blog.pasting import UnreadablePasteError, to_markdown  # 4 MB of memory that no reader's request needs

    try:
        return JsonResponse({"markdown": to_markdown(request.POST.get("html", ""))})
    except UnreadablePasteError:
        return refuse(_("The marks of this text could not be read, so it was pasted without them."), 422)
