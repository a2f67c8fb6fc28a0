"""A partner's life: its state with reason and day, what runs out, its rooms, when links were used."""

import django.db.models.deletion
from django.db import migrations, models

import mutualist.apps.core.clock


class Migration(migrations.Migration):
    """Add fields of partners and links, and the rooms opened from a partnership."""

    dependencies = [
        ("identity", "0002_accounts"),
        ("programme", "0003_agreements"),
    ]

    operations = [
        migrations.CreateModel(
            name="RelationRoom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("room_uid", models.UUIDField(unique=True)),
                ("opened_at", models.DateTimeField(default=mutualist.apps.core.clock.now)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="partnerlink",
            name="used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="programme",
            name="checklist",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="relation",
            name="endings",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="relation",
            name="ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="relation",
            name="falls_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="relation",
            name="looked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="relation",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="children",
                to="programme.relation",
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="state_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="relation",
            name="state_since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="relation",
            name="steps_done",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(fields=["programme", "name"], name="programme_r_program_ea79d1_idx"),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(
                fields=["programme", "falls_on"], name="programme_r_program_47c601_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(
                fields=["programme", "ends_on"], name="programme_r_program_6f4d1a_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(
                fields=["programme", "looked_on"], name="programme_r_program_7d6633_idx"
            ),
        ),
        migrations.AddField(
            model_name="relationroom",
            name="relation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rooms",
                to="programme.relation",
            ),
        ),
    ]
