"""PostgreSQL guards private rows itself, and no row can refer into another room.

The rule of the policies is the one of rooms/fences.py; tests/guards/test_parity.py compares them.
Policies read what core/isolation.py tells the database with SET LOCAL. What is not set gives no row.
"""

from django.db import migrations

NUMBERS = "string_to_array(current_setting('mutualist.%s', true), ',')::bigint[]"


def part(number):
    """Return room (1) or round (2) of the opening in progress, or null."""
    setting = "current_setting('mutualist.opening', true)"
    return f"NULLIF(split_part({setting}, ':', {number}), '')::bigint"


def rules(table):
    """Return the parts of the rule in the words of one table."""
    return {
        'own': f"{table}.seat_id = ANY ({NUMBERS % 'seats'})",
        'result': f"{table}.room_id = ANY ({NUMBERS % 'rooms'})",
        'discarded': f"{table}.seat_id = ANY ({NUMBERS % 'discard'})",
        'opened': (
            'EXISTS (SELECT 1 FROM rooms_opening o'
            f' WHERE o.room_id = {table}.room_id AND o.round = {table}.round)'
        ),
        'opened_ever': f'EXISTS (SELECT 1 FROM rooms_opening o WHERE o.room_id = {table}.room_id)',
        'closed': (
            "EXISTS (SELECT 1 FROM rooms_room r"
            f" WHERE r.id = {table}.room_id AND r.state = 'closed')"
        ),
        'unsealed': (
            f'NOT EXISTS (SELECT 1 FROM rooms_sealedsheet s WHERE s.room_id = {table}.room_id)'
        ),
        # Who owns the table could drop this policy anyway; nobody else gains anything by the setting.
        'maintained': (
            "current_setting('mutualist.maintenance', true) = 'on' AND (SELECT"
            f" pg_get_userbyid(c.relowner) = current_user FROM pg_class c"
            f" WHERE c.oid = '{table}'::regclass)"
        ),
        'opening_room': f'{table}.room_id = {part(1)}',
        'opening_round': f'{table}.round = {part(2)}',
        'all_sealed': (
            f'NOT EXISTS (SELECT 1 FROM rooms_seat t WHERE t.room_id = {part(1)} AND NOT EXISTS ('
            'SELECT 1 FROM rooms_sealedsheet s WHERE s.room_id = t.room_id AND s.seat_id = t.id'
            f' AND s.round = {part(2)}))'
        ),
    }


def either(table, *cases):
    """Return a condition that holds if one of the cases does; each case is a list of parts."""
    known = rules(table)
    named = [' AND '.join(f'({known[name]})' for name in case.split()) for case in cases]
    return '(' + ') OR ('.join(['(' + known['maintained'] + ')', *named]) + ')'


def without_opened(table):
    """Return the condition for taking the own seal back: never after the opening."""
    known = rules(table)
    return f"({known['own']}) AND NOT ({known['opened']})"


DRAFT, ANSWERS, KEY = 'rooms_draft', 'rooms_sealedanswers', 'rooms_roomkey'
GONE_DRAFT = ('discarded closed', 'discarded opened', 'discarded unsealed')
GONE_KEY = ('discarded closed', 'discarded unsealed')
POLICIES = {
    DRAFT: {
        'SELECT': either(DRAFT, 'own', *GONE_DRAFT),
        'INSERT': either(DRAFT, 'own'),
        'UPDATE': either(DRAFT, 'own'),
        'DELETE': either(DRAFT, 'own', *GONE_DRAFT),
    },
    ANSWERS: {
        'SELECT': either(
            ANSWERS,
            'own',
            'result opened',
            'opening_room opening_round all_sealed',
            'discarded closed',
        ),
        'INSERT': either(ANSWERS, 'own'),
        'UPDATE': either(ANSWERS),
        'DELETE': either(ANSWERS, 'discarded closed') + f' OR ({without_opened(ANSWERS)})',
    },
    KEY: {
        'SELECT': either(
            KEY, 'own', 'result opened_ever', 'opening_room all_sealed', *GONE_KEY
        ),
        'INSERT': either(KEY, 'own'),
        'UPDATE': either(KEY),
        'DELETE': either(KEY, *GONE_KEY),
    },
}
CLAUSES = {
    'SELECT': 'USING ({0})',
    'INSERT': 'WITH CHECK ({0})',
    'UPDATE': 'USING ({0}) WITH CHECK ({0})',
    'DELETE': 'USING ({0})',
}
SEAT = 'rooms_seat (room_id, id)'
PERSON = 'rooms_answerer (room_id, seat_id, id)'
REFERENCES = (
    ('rooms_answerer', 'room_id, seat_id', SEAT),
    ('rooms_seatlink', 'room_id, answerer_id', 'rooms_answerer (room_id, id)'),
    ('rooms_roomkey', 'room_id, seat_id', SEAT),
    ('rooms_draft', 'room_id, seat_id', SEAT),
    ('rooms_draft', 'room_id, seat_id, answerer_id', PERSON),
    ('rooms_sheetprogress', 'room_id, seat_id', SEAT),
    ('rooms_sealedsheet', 'room_id, seat_id', SEAT),
    ('rooms_sealedsheet', 'room_id, seat_id, sealed_by_id', PERSON),
    (
        'rooms_sealedanswers',
        'room_id, seat_id, round, sheet_id',
        'rooms_sealedsheet (room_id, seat_id, round, id)',
    ),
    ('rooms_openpress', 'room_id, seat_id', SEAT),
    ('rooms_openpress', 'room_id, seat_id, pressed_by_id', PERSON),
    ('rooms_binding', 'room_id, seat_id', SEAT),
    ('rooms_binding', 'room_id, seat_id, confirmed_by_id', PERSON),
    ('rooms_outcomeconsent', 'room_id, seat_id', SEAT),
)


def statements():
    """Yield everything PostgreSQL is told."""
    for number, (table, columns, target) in enumerate(REFERENCES, start=1):
        yield (
            f'ALTER TABLE {table} ADD CONSTRAINT same_room_{number} FOREIGN KEY ({columns})'
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
    """Set up the policies; SQLite has none, there the query sets stand alone."""
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
        schema_editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT same_room_{number}')


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0003_unique_within_the_room'),
    ]

    operations = [
        migrations.RunPython(isolate, release),
    ]
