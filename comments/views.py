"""What readers do in the conversation: write, and look after what they wrote."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from blog import keys, readers
from blog.addresses import post_known_at
from blog.models import Post, Publication
from blog.networks import network_digest
from blog.origins import reader_form
from comments import policy
from comments.forms import CommentForm
from comments.models import Comment


@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def write_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows the form alone, with the comment it answers (`?parent=`); POST sends it."""
    post = post_known_at(slug)  # a form that was opened before the post moved is still its form
    if post is None or not post.is_published:
        raise Http404
    user = readers.staff_user(request)
    if request.method != "POST":
        form = CommentForm(post=post, user=user, initial={"parent": request.GET.get("parent")})
        is_open = policy.is_open(post, Publication.load())
        return render(request, "comments/comment_write.html", {"post": post, "form": form, "is_open": is_open})
    form = CommentForm(request.POST, post=post, user=user, network=network_digest(request))
    if not form.is_valid():
        return render(request, "comments/comment_write.html", {"post": post, "form": form}, status=422)
    return HttpResponse(status=303, headers={"Location": form.save().own_url()})


@require_safe
@never_cache
def own_comment(request: HttpRequest, token: str) -> HttpResponse:
    """The private page of a comment's writer: what happened to it, and what happens next."""
    number = keys.Signer(keys.Purpose.OWN_COMMENT).value(token)
    comment = get_object_or_404(Comment.objects.select_related("post"), pk=number)
    return render(request, "comments/comment_own.html", {"comment": comment})


@require_safe
def show_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's permalink: leads to its place under the post."""
    comments = Comment.objects.approved().filter(post__in=Post.objects.published()).select_related("post")
    comment = get_object_or_404(comments, pk=pk)
    return redirect(f"{comment.post.get_absolute_url()}#{comment.anchor}")
