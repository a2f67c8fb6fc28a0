from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_key_in_use")]

    operations = [
        migrations.CreateModel(
            name="SigningKeyInUse",
            fields=[
                ("public", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("vouched", models.CharField(blank=True, max_length=128)),
            ],
        ),
    ]
