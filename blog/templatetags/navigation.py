from django import template

from blog.markup import shorten

register = template.Library()
register.filter(shorten)
