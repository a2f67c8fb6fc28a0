from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users; the mail address is the login."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a new user; without a password, only a login code by mail lets them in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by mail address in any case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_active = models.BooleanField(default=True)
    can_operate = models.BooleanField(
        default=False, help_text="Runs this installation; sees no answers."
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name shown to others, as the account library asks for it."""
        return str(self)


class Organisation(models.Model):
    """A firm, an agency, a cluster office."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    created = models.DateTimeField(auto_now_add=True)
    users = models.ManyToManyField(User, through="Membership", related_name="organisations")
    requires_second_factor = models.BooleanField(_("members need a second factor"), default=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do: owners manage people, members work, readers look."""

    OWNER = "owner", _("owner")
    MEMBER = "member", _("member")
    READER = "reader", _("reader")


class Membership(models.Model):
    """A person's role in an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="membership_once_per_organisation"
            )
        ]


class OrganisationInvitation(models.Model):
    """A mail link that lets its receiver join an organisation; the token is not stored."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]


class Scope(models.TextChoices):
    """What a program with a token may do."""

    READ = "read", _("read only")
    WRITE = "write", _("read and write")


class ApiToken(models.Model):
    """A token for the JSON API, shown once when it is made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateField(null=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.WRITE)
    expires = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]


class SecretKey(models.Model):
    """A wrapped key for secrets of accounts, such as what authenticator apps share with us."""

    purpose = models.CharField(max_length=40, primary_key=True)
    wrapped = models.BinaryField()


class SignIn(models.Model):
    """One session of a person: where and when, without the whole address."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    created = models.DateTimeField()
    last_seen = models.DateTimeField()
    device = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["-last_seen"]


class KnownDevice(models.Model):
    """A browser a person signed in with before; the browser holds the number, we its digest."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    last_seen = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="device_once_per_person")
        ]
