from comments.models.block import Block
from comments.models.comment import Comment, CommentQuerySet
from comments.models.commenter import Commenter, Follow
from comments.models.decision import Action, Decision
from comments.models.filter import Filters, WordCount
from comments.models.mail import ConversationMail, NoticePreference
from comments.models.reaction import Report, Thumb

__all__ = [
    "Action",
    "Block",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "ConversationMail",
    "Decision",
    "Filters",
    "Follow",
    "NoticePreference",
    "Report",
    "Thumb",
    "WordCount",
]
