from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.AddField("erasedperson", "unwiped", models.JSONField(blank=True, default=list)),
    ]
