from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import User
from accounts.sign_in import SignInForm

admin.site.login_form = SignInForm
admin.site.register(User, UserAdmin)
