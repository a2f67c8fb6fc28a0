from __future__ import annotations

import uuid

from django.db import migrations, models

from mutualist.apps.core.clock import now


class Migration(migrations.Migration):
    # Of its own: PostgreSQL does not change a table in the transaction that filled it.
    dependencies = [("core", "0003_mails_on_their_way")]

    operations = [
        migrations.RemoveField("outboxmail", "old_subject"),
        migrations.RemoveField("outboxmail", "old_text"),
        migrations.RemoveField("outboxmail", "old_html"),
        migrations.AlterField(
            "outboxmail",
            "uid",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField("outboxmail", "key", models.BinaryField()),
        migrations.AlterField("outboxmail", "content", models.BinaryField()),
        migrations.AlterField(
            "outboxmail", "to", models.CharField(db_index=True, max_length=320)
        ),
        migrations.AlterField(
            "outboxmail",
            "state",
            models.CharField(
                choices=[("waiting", "Waiting"), ("kept", "Kept"), ("failed", "Failed")],
                default="kept",
                max_length=8,
            ),
        ),
        migrations.AlterField("outboxmail", "created", models.DateTimeField(default=now)),
        migrations.AlterField(
            "outboxmail", "lease", models.CharField(blank=True, max_length=32)
        ),
        migrations.AlterField(
            "outboxmail", "error", models.CharField(blank=True, max_length=200)
        ),
        migrations.AddIndex(
            "outboxmail",
            models.Index(
                condition=models.Q(("state", "waiting")), fields=["next_at"], name="mail_due"
            ),
        ),
    ]
