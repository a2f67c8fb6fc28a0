from __future__ import annotations

import json
import uuid

from django.db import migrations, models

from mutualist.apps.core.vault import Vault, new_wrapped_key


def encrypt(apps, schema_editor):
    """Bring kept mails into the form in which the database alone does not tell their links."""
    for mail in apps.get_model("core", "OutboxMail").objects.iterator():
        mail.uid = uuid.uuid4()
        place = f"mail:{mail.uid}".encode()
        mail.key = new_wrapped_key(context=place)
        said = {"subject": mail.old_subject, "text": mail.old_text, "html": mail.old_html}
        content = json.dumps({**said, "sender": ""}).encode()
        mail.content = Vault(mail.key, place).encrypt(content, aad=place)
        mail.save(update_fields=["uid", "key", "content"])


class Migration(migrations.Migration):
    dependencies = [("core", "0002_idempotency_and_anchors")]

    operations = [
        migrations.RenameField("outboxmail", "subject", "old_subject"),
        migrations.RenameField("outboxmail", "text", "old_text"),
        migrations.RenameField("outboxmail", "html", "old_html"),
        migrations.AddField("outboxmail", "uid", models.UUIDField(null=True)),
        migrations.AddField("outboxmail", "key", models.BinaryField(default=b"")),
        migrations.AddField("outboxmail", "content", models.BinaryField(default=b"")),
        migrations.AddField(
            "outboxmail", "attempts", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField("outboxmail", "next_at", models.DateTimeField(null=True)),
        migrations.AddField("outboxmail", "lease_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "outboxmail", "lease", models.CharField(blank=True, default="", max_length=32)
        ),
        migrations.AddField(
            "outboxmail", "error", models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.RunPython(encrypt, migrations.RunPython.noop),
    ]
