"""The map of the site: every address, and the view behind it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.decorators.http import conditional_page

from accounts import views as accounts
from blog import autosave, desk, machines, preview_links, sitemaps
from blog import views as blog
from blog.admin import standing
from blog.converters import UnicodeSlug
from blog.feeds import AuthorFeed, PostsFeed, PostsJsonFeed, PostsRssFeed, TagFeed
from comments import moderation_by_mail, notice_choice, numbers, reactions, your_pages
from comments import views as comments
from comments.feeds import CommentsFeed, PostCommentsFeed
from comments.moderation import log as moderation_log
from comments.moderation import views as moderation
from operations import commenting, design, outbox
from operations import views as operations
from subscribers import views as subscribers
from subscribers import your_pages as subscription
from subscribers.desk import exporting as list_export
from subscribers.desk import importing as list_import
from subscribers.desk import issues, letters, previews, verbs, welcome
from subscribers.desk import numbers as newsletter_numbers
from subscribers.desk import readers as issue_readers
from subscribers.inbound import provider

register_converter(UnicodeSlug, "uslug")

urlpatterns = [
    path("", blog.home, name="home"),
    path("page/<int:number>/", blog.home, name="home_page"),
    path("posts/<uslug:slug>/", blog.show_post, name="post"),
    path("posts/<uslug:slug>/comments/", commenting.write_comment, name="write_comment"),
    path("posts/<uslug:slug>.md", conditional_page(machines.show_markdown), name="post_markdown"),
    path("preview/<str:token>/", preview_links.show_preview, name="preview"),
    path("pages/<uslug:slug>/", blog.show_page, name="page"),
    path("authors/<uslug:slug>/", blog.show_author, name="author"),
    path("tags/", blog.show_tags, name="tags"),
    path("tags/<uslug:slug>/", blog.show_tag, name="tag"),
    path("series/<uslug:slug>/", blog.show_series, name="series"),
    path("archive/", blog.show_archive, name="archive"),
    path("archive/<int:year>/", blog.show_period, name="archive_year"),
    path("archive/<int:year>/<int:month>/", blog.show_period, name="archive_month"),
    path("search/", blog.search, name="search"),
    path("feeds/posts.atom", conditional_page(PostsFeed()), name="feed"),
    path("feeds/posts.rss", conditional_page(PostsRssFeed()), name="feed_rss"),
    path("feeds/posts.json", conditional_page(PostsJsonFeed()), name="feed_json"),
    path("feeds/comments.atom", conditional_page(CommentsFeed()), name="comments_feed"),
    path("posts/<uslug:slug>/comments.atom", conditional_page(PostCommentsFeed()), name="post_comments_feed"),
    path("tags/<uslug:slug>/feed.atom", conditional_page(TagFeed()), name="tag_feed"),
    path("authors/<uslug:slug>/feed.atom", conditional_page(AuthorFeed()), name="author_feed"),
    path("sitemap.xml", conditional_page(sitemaps.sitemap), name="sitemap"),
    path("sitemap-<slug:section>.xml", conditional_page(sitemaps.show_section), name="sitemap_section"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security_contact, name="security_contact"),
    path("site.webmanifest", machines.manifest, name="manifest"),
    path("media/<path:path>", blog.media, name="media"),
    path("comments/<int:pk>/", comments.show_comment, name="comment"),
    path("comments/<int:pk>/thumb/", reactions.press_thumb, name="press_thumb"),
    path("comments/<int:pk>/report/", reactions.report_comment, name="report_comment"),
    path("comments/mine/<str:token>/", comments.own_comment, name="own_comment"),
    path("comments/mine/<str:token>/edit/", comments.edit_comment, name="edit_comment"),
    path("comments/mine/<str:token>/delete/", comments.withdraw_comment, name="withdraw_comment"),
    path("comments/confirm/<str:token>/", your_pages.confirm, name="commenter_confirm"),
    path("comments/you/", your_pages.ask_for_link, name="your_link_ask"),
    path("comments/you/asked/", your_pages.link_asked, name="your_link_asked"),
    path("comments/you/<str:token>/", your_pages.show_yours, name="your_comments"),
    path("comments/you/<str:token>/export/", your_pages.export, name="your_comments_export"),
    path("comments/you/<str:token>/erase/", your_pages.erase, name="your_comments_erase"),
    path("comments/unfollow/<str:token>/", your_pages.unfollow, name="unfollow"),
    path("subscribe/", subscribers.subscribe, name="subscribe"),
    path("subscribe/asked/", subscribers.asked, name="subscription_asked"),
    path("subscriptions/confirm/<str:token>/", subscribers.confirm, name="subscription_confirm"),
    path("subscriptions/never/<str:token>/", subscribers.refuse, name="subscription_never"),
    path("subscriptions/unsubscribe/<str:token>/", subscribers.unsubscribe, name="unsubscribe"),
    path("subscriptions/manage/<str:token>/", subscription.manage, name="subscription_manage"),
    path("subscriptions/manage/<str:token>/export/", subscription.export, name="subscription_export"),
    path("subscriptions/manage/<str:token>/address/", subscription.change_address, name="subscription_move"),
    path("subscriptions/manage/<str:token>/erase/", subscription.erase, name="subscription_erase"),
    path("subscriptions/address/<str:token>/", subscription.confirm_address, name="subscription_address"),
    path("subscriptions/test/", previews.test_link, name="test_mail_link"),
    path("healthz", operations.health, name="health"),
    path("moderation/<str:token>/", moderation_by_mail.moderate_from_mail, name="moderate_from_mail"),
    path("admin/moderation/notices/", notice_choice.choose_notices, name="moderation_notices"),
    path("admin/moderation/numbers/", numbers.show_numbers, name="moderation_numbers"),
    path("admin/moderation/", moderation.show_queue, name="moderation"),
    path("admin/moderation/counts/", moderation.show_counts, name="moderation_counts"),
    path("admin/moderation/log/", moderation_log.show_log, name="moderation_log"),
    path("admin/moderation/many/", moderation.decide_many, name="moderation_decide_many"),
    path("admin/moderation/actions/<int:pk>/undo/", moderation.undo_action, name="moderation_undo"),
    path("admin/moderation/<int:pk>/", moderation.decide, name="moderation_decide"),
    path("admin/moderation/<int:pk>/reply/", moderation.reply, name="moderation_reply"),
    path("admin/newsletter/welcome/", welcome.edit_welcome, name="newsletter_welcome"),
    path("admin/newsletter/", issues.show_issues, name="newsletter"),
    path("admin/newsletter/letters/new/", letters.write_letter, name="letter_new"),
    path("admin/newsletter/<int:pk>/", issues.show_issue, name="issue"),
    path("admin/newsletter/<int:pk>/edit/", letters.edit_letter, name="letter_edit"),
    path("admin/newsletter/<int:pk>/preview/", previews.show_preview, name="issue_preview"),
    path("admin/newsletter/<int:pk>/preview/<slug:part>/", previews.show_part, name="issue_preview_part"),
    path("admin/newsletter/<int:pk>/readers/", issue_readers.show_readers, name="issue_readers"),
    path("admin/newsletter/<int:pk>/send/", verbs.send, name="issue_send"),
    path("admin/newsletter/<int:pk>/recall/", verbs.recall, name="issue_recall"),
    path("admin/newsletter/<int:pk>/discard/", verbs.discard, name="issue_discard"),
    path("admin/newsletter/<int:pk>/stop/", verbs.stop, name="issue_stop"),
    path("admin/newsletter/<int:pk>/pause/", verbs.pause, name="issue_pause"),
    path("admin/newsletter/<int:pk>/resume/", verbs.resume, name="issue_resume"),
    path("admin/newsletter/<int:pk>/route/", verbs.take_route, name="issue_take_route"),
    path("admin/newsletter/<int:pk>/retry/", verbs.retry, name="issue_retry"),
    path("admin/newsletter/<int:pk>/widen/", verbs.widen, name="issue_widen"),
    path("admin/newsletter/<int:pk>/test/", verbs.test, name="issue_test"),
    path("admin/newsletter/<int:pk>/check/", verbs.check, name="issue_check"),
    path("admin/newsletter/<int:pk>/override/", verbs.override, name="issue_override"),
    path("admin/newsletter/numbers/", newsletter_numbers.show_numbers, name="newsletter_numbers"),
    path("admin/newsletter/import/", list_import.bring_in, name="list_import"),
    path("admin/newsletter/export/", list_export.take_out, name="list_export"),
    path("admin/design/", design.show_design, name="design"),
    path("admin/design/mail/<slug:look>/", design.show_mail, name="design_mail"),
    path("admin/blog/editor/preview/", desk.preview, name="editor_preview"),
    path("admin/blog/editor/upload/", desk.upload, name="editor_upload"),
    path("admin/blog/editor/paste/", desk.paste, name="editor_paste"),
    path("admin/blog/editor/autosave/", autosave.autosave, name="autosave"),
    path("admin/blog/editor/working-copies/<int:pk>/discard/", autosave.discard, name="working_copy_discard"),
    path("admin/blog/post/<int:pk>/standing/", standing.stand, name="post_stand"),
    path("admin/blog/post/<int:pk>/withdraw/", standing.withdraw, name="post_withdraw"),
    path("admin/blog/post/<int:pk>/preview-links/", standing.lend, name="preview_link_make"),
    path("admin/blog/post/<int:pk>/preview-links/<int:link>/revoke/", standing.take_back, name="preview_link_revoke"),
    path("admin/password/", operations.ask_for_password, name="admin_password_reset"),
    path("admin/password/asked/", operations.password_asked, name="password_asked"),
    path("admin/password/done/", accounts.password_done, name="password_done"),
    path("admin/password/<str:uidb64>/<str:token>/", accounts.set_password, name="password_set"),
    path("admin/accounts/user/invite/", operations.invite, name="invite"),
    path("admin/accounts/user/<int:pk>/mail/", operations.mail_again, name="mail_again"),
    path("admin/", admin.site.urls),
]

if settings.MAIL_PROVIDER and settings.WEBHOOK_SECRET:  # without a secret anybody could tell of bounces
    urlpatterns.append(path("webhooks/mail/", include(provider.addresses(settings.MAIL_PROVIDER))))

if settings.DEBUG:
    urlpatterns += [
        path("outbox/", outbox.show_outbox, name="outbox"),
        path("outbox/<slug:name>/", outbox.show_mail, name="outbox_mail"),
        path("outbox/<slug:name>/html/", outbox.show_mail_html, name="outbox_mail_html"),
    ]
