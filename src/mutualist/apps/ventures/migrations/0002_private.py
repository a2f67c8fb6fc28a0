"""Private figures of a party, guarded as the private rows of rooms are.

The policies say the rule of rooms/fences.py (of_beside) a second time, for PostgreSQL.
"""

import django.db.models.deletion
import mutualist.apps.core.clock
from django.db import migrations, models

TABLE = 'ventures_privatefigures'
NUMBERS = "string_to_array(current_setting('mutualist.%s', true), ',')::bigint[]"
OWN = f"{TABLE}.seat_id = ANY ({NUMBERS % 'seats'})"
GONE = (
    f"({TABLE}.seat_id = ANY ({NUMBERS % 'discard'}) AND EXISTS"
    f" (SELECT 1 FROM rooms_room r WHERE r.id = {TABLE}.room_id AND r.state = 'closed'))"
)
RESULT = (
    f"({TABLE}.room_id = ANY ({NUMBERS % 'rooms'}) AND EXISTS"
    f' (SELECT 1 FROM rooms_opening o WHERE o.room_id = {TABLE}.room_id))'
)
MAINTAINED = (
    "(current_setting('mutualist.maintenance', true) = 'on' AND (SELECT"
    ' pg_get_userbyid(c.relowner) = current_user FROM pg_class c'
    f" WHERE c.oid = '{TABLE}'::regclass))"
)
POLICIES = {
    'SELECT': f'USING ({MAINTAINED} OR {OWN} OR {RESULT} OR {GONE})',
    'INSERT': f'WITH CHECK ({MAINTAINED} OR {OWN})',
    'UPDATE': f'USING ({MAINTAINED} OR {OWN}) WITH CHECK ({MAINTAINED} OR {OWN})',
    'DELETE': f'USING ({MAINTAINED} OR {OWN} OR {GONE})',
}
REFERENCES = (
    ('room_id, seat_id', 'rooms_seat (room_id, id)'),
    ('room_id, venture_id', 'ventures_venture (room_id, id)'),
)


def isolate(apps, schema_editor):
    """Set up policies and references; SQLite has none, there the query sets stand alone."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    for number, (columns, target) in enumerate(REFERENCES, start=1):
        schema_editor.execute(
            f'ALTER TABLE {TABLE} ADD CONSTRAINT figures_same_room_{number} FOREIGN KEY ({columns})'
            f' REFERENCES {target} DEFERRABLE INITIALLY DEFERRED',
            params=None,
        )
    for command, clause in POLICIES.items():
        name = f'{TABLE}_{command.lower()}'
        schema_editor.execute(
            f'CREATE POLICY {name} ON {TABLE} FOR {command} {clause}', params=None
        )
    schema_editor.execute(f'ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY')
    # Without FORCE the owner of a table, as which a simple installation connects, sees all rows.
    schema_editor.execute(f'ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY')


def release(apps, schema_editor):
    """Take them down again."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    schema_editor.execute(f'ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY')
    schema_editor.execute(f'ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY')
    for command in POLICIES:
        schema_editor.execute(f'DROP POLICY {TABLE}_{command.lower()} ON {TABLE}')
    for number, _reference in enumerate(REFERENCES, start=1):
        schema_editor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT figures_same_room_{number}')


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0005_tallies'),
        ('ventures', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='venture',
            constraint=models.UniqueConstraint(fields=('room', 'id'), name='venture_of_its_room'),
        ),
        migrations.CreateModel(
            name='PrivateFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField()),
                ('ciphertext', models.BinaryField()),
                ('saved_at', models.DateTimeField(default=mutualist.apps.core.clock.now)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.room')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.seat')),
                ('venture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ventures.venture')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('room', 'venture', 'seat'), name='figures_once_per_party')],
            },
        ),
        migrations.RunPython(isolate, release),
    ]
