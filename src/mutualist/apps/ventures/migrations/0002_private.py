"""Private figures of a party, guarded as the private rows of rooms are.

The policies say the rule of rooms/fences.py (of_beside) a second time, for PostgreSQL.
"""

import django.db.models.deletion
import mutualist.apps.core.clock
from django.db import migrations, models

TABLE = 'ventures_privatefigures'
NUMBERS = "string_to_array(current_setting('mutualist.%s', true), ',')::bigint[]"


def rules(table):
    """Return the parts of the rule in the words of one table."""
    return {
        'own': f"{table}.seat_id = ANY ({NUMBERS % 'seats'})",
        'result': f"{table}.room_id = ANY ({NUMBERS % 'rooms'})",
        'discarded': f"{table}.seat_id = ANY ({NUMBERS % 'discard'})",
        'opened_ever': f'EXISTS (SELECT 1 FROM rooms_opening o WHERE o.room_id = {table}.room_id)',
        'closed': (
            "EXISTS (SELECT 1 FROM rooms_room r"
            f" WHERE r.id = {table}.room_id AND r.state = 'closed')"
        ),
        # Who owns the table could drop this policy anyway; nobody else gains anything by the setting.
        'maintained': (
            "current_setting('mutualist.maintenance', true) = 'on' AND (SELECT"
            f" pg_get_userbyid(c.relowner) = current_user FROM pg_class c"
            f" WHERE c.oid = '{table}'::regclass)"
        ),
    }


def either(table, *cases):
    """Return a condition that holds if one of the cases does; each case is a list of parts."""
    known = rules(table)
    named = [' AND '.join(f'({known[name]})' for name in case.split()) for case in cases]
    return '(' + ') OR ('.join(['(' + known['maintained'] + ')', *named]) + ')'


POLICIES = {
    TABLE: {
        'SELECT': either(TABLE, 'own', 'result opened_ever', 'discarded closed'),
        'INSERT': either(TABLE, 'own'),
        'UPDATE': either(TABLE, 'own'),
        'DELETE': either(TABLE, 'own', 'discarded closed'),
    },
}
CLAUSES = {
    'SELECT': 'USING ({0})',
    'INSERT': 'WITH CHECK ({0})',
    'UPDATE': 'USING ({0}) WITH CHECK ({0})',
    'DELETE': 'USING ({0})',
}
REFERENCES = (
    (TABLE, 'room_id, seat_id', 'rooms_seat (room_id, id)'),
    (TABLE, 'room_id, venture_id', 'ventures_venture (room_id, id)'),
)
REFERENCE = 'figures_same_room'


def statements():
    """Yield everything PostgreSQL is told."""
    for number, (table, columns, target) in enumerate(REFERENCES, start=1):
        yield (
            f'ALTER TABLE {table} ADD CONSTRAINT {REFERENCE}_{number} FOREIGN KEY ({columns})'
            f' REFERENCES {target} DEFERRABLE INITIALLY DEFERRED'
        )
    for table, policies in POLICIES.items():
        for command, condition in policies.items():
            clause = CLAUSES[command].format(condition)
            yield f'CREATE POLICY {table}_{command.lower()} ON {table} FOR {command} {clause}'
        yield f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY'
        # Without FORCE the owner of a table, as which a simple installation connects, sees all rows.
        yield f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY'


def isolate(apps, schema_editor):
    """Set up policies and references; SQLite has none, there the query sets stand alone."""
    if schema_editor.connection.vendor == 'postgresql':
        for statement in statements():
            schema_editor.execute(statement, params=None)


def release(apps, schema_editor):
    """Take them down again."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    for table, policies in POLICIES.items():
        schema_editor.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE {table} DISABLE ROW LEVEL SECURITY')
        for command in policies:
            schema_editor.execute(f'DROP POLICY {table}_{command.lower()} ON {table}')
    for number, (table, _columns, _target) in enumerate(REFERENCES, start=1):
        schema_editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT {REFERENCE}_{number}')


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
