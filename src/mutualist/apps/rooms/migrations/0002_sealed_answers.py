"""What a sealed sheet holds moves to a table of its own, where each row can be guarded."""

import django.db.models.deletion
from django.db import migrations, models

COPY = """
    INSERT INTO rooms_sealedanswers (room_id, seat_id, round, sheet_id, ciphertext)
    SELECT room_id, seat_id, round, id, ciphertext FROM rooms_sealedsheet
"""
PRIVATE = {'base_manager_name': 'objects', 'default_manager_name': 'objects'}


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('ciphertext', models.BinaryField()),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.room')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.seat')),
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.sealedsheet')),
            ],
            options={'abstract': False, **PRIVATE},
        ),
        migrations.AlterModelOptions(name='draft', options=dict(PRIVATE)),
        migrations.AlterModelOptions(name='roomkey', options=dict(PRIVATE)),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
