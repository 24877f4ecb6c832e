"""What readers do in the conversation: write, and look after what they wrote."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from blog import keys, readers
from blog.addresses import post_known_at
from blog.models import Publication
from blog.networks import network_digest
from blog.origins import reader_form
from comments import akismet, policy, refusals, threads
from comments.forms import CommentForm, EditForm
from comments.models import Comment
from comments.own import own_state


@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def write_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows the form alone, with the comment it answers (`?parent=`); POST sends it, or shows how it will look."""
    post = post_known_at(slug)  # a form that was opened before the post moved is still its form
    if post is None or not post.is_published:
        raise Http404
    user = readers.staff_user(request)
    is_open = policy.is_open(post, Publication.load())
    if request.method != "POST":
        form = CommentForm(post=post, user=user, is_timed=True, initial={"parent": request.GET.get("parent")})
        return render(request, "comments/comment_write.html", {"post": post, "form": form, "is_open": is_open})
    network = network_digest(request)
    if "preview" in request.POST and is_open:
        form = CommentForm(post=post, user=user, network=network, initial=request.POST.dict())
        preview = form.preview()
        page = render(request, "comments/comment_write.html", {"post": post, "form": form, "preview": preview})
        return refusals.put_off(page, preview.wait)
    form = CommentForm(request.POST, post=post, user=user, network=network, sender=akismet.sender_of(request))
    comment = None if "preview" in request.POST else form.save()
    if comment is None:
        return refusals.refuse(render(request, "comments/comment_write.html", {"post": post, "form": form}), form)
    return HttpResponse(status=303, headers={"Location": comment.own_url()})


def own(token: str) -> Comment:
    """Return the comment that its author's token is for."""
    number = keys.Signer(keys.Purpose.OWN_COMMENT).value(token)
    return get_object_or_404(Comment.objects.select_related("post", "commenter"), pk=number)


@require_safe
@never_cache
def own_comment(request: HttpRequest, token: str) -> HttpResponse:
    """The private page of a comment's writer: what happened to it, what happens next, and what they can do."""
    comment = own(token)
    context = {"comment": comment, "state": own_state(comment), "is_editable": comment.is_editable()}
    return render(request, "comments/comment_own.html", context)


@never_cache
@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the text to its writer, who may change it for a while; POST changes it."""
    comment = own(token)
    is_editable = comment.is_editable()
    if request.method != "POST" and not is_editable:
        return redirect("own_comment", token)  # says why not
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, comment=comment, sender=akismet.sender_of(request))
    context = {"comment": comment, "form": form, "is_editable": is_editable}
    if form.is_valid():
        if is_editable and form.save():
            return HttpResponse(status=303, headers={"Location": reverse("own_comment", args=[token])})
        context["is_editable"] = False
    return render(request, "comments/comment_edit.html", context, status=422 if form.is_bound else 200)


@never_cache
@reader_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_comment(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks the writer whether the comment shall go for good; POST takes it back."""
    comment = own(token)
    if request.method == "POST":
        comment.withdraw()
        return HttpResponse(status=303, headers={"Location": reverse("own_comment", args=[token])})
    if comment.withdrawn_at:
        return redirect("own_comment", token)
    return render(request, "comments/comment_withdraw.html", {"comment": comment})


@require_safe
def show_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's permalink: leads to the page of its post's conversation that it stands on, in any `?order=`."""
    comment = get_object_or_404(Comment.objects.public().select_related("post"), pk=pk)
    order = threads.order_asked(request.GET)
    return redirect(threads.path_of(comment.post, order, threads.page_of(comment, order), comment.anchor))
