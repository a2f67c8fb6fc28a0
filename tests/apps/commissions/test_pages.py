"""Pages: from the first rules to the file for the bank, for the vendor, its reader, a partner, a link, and a rival."""

from __future__ import annotations

import io
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from apps.commissions.steps import IBAN, OWN_IBAN, RULES, accounts, book, earning
from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions import paying
from mutualist.apps.commissions.actions.settling import approve
from mutualist.apps.commissions.actions.stating import issue_statements
from mutualist.apps.commissions.models import Entry, Invoice, PaymentRun, RuleVersion, Statement
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.identity.models import User


def client(name, language="en"):
    made = Client()
    person = User.objects.get(email=f"{name}@example.org")
    User.objects.filter(pk=person.pk).update(language=language)
    made.force_login(person)
    return made


@pytest.fixture
def vendor(world):
    return f"/programmes/{world.programme.uid}/commissions/"


def _text(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def _all(world, vendor):
    """Something of everything: an invoice, an approval, a run, a statement."""
    half = Fraction(1, 2)
    made = book(world, credited=((world.tauwerk.pk, half), (world.grauwerk.pk, half)))
    project = book(world, "P-1", product="project")
    book(world, "W-1", 50_00)
    approve(standing=world.anna, earnings=[one.uid for one in made.earnings.all()])
    accounts(world)
    run = paying.make_run(
        standing=world.anna,
        currency="EUR",
        execute_on=today(),
        total=paying.due(world.anna, "EUR").total,
    )
    with stopped_at(now() + timedelta(days=1)):
        issue_statements(
            standing=world.anna, first=today() - timedelta(days=1), last=today() - timedelta(days=1)
        )
    partner = f"partners/{world.tauwerk.uid}/"
    statement = Statement.objects.get(relation=world.tauwerk)
    return [
        vendor + place
        for place in (
            *(
                "",
                "invoices/",
                "invoices/?format=csv",
                "invoices/?format=xlsx",
                "invoices/?q=R-1&state=booked",
            ),
            *(
                "invoices/new/",
                "invoices/import/",
                "invoices/import/?template=1",
                f"invoices/{made.uid}/",
            ),
            *(f"invoices/{project.uid}/", "rules/", "rules/?version=2026.1", "rules/new/", partner),
            *(f"{partner}?format=pdf", f"{partner}?format=csv", f"{partner}?format=xlsx"),
            *("payments/", f"payments/{run.uid}/", "payments/account/"),
            *(
                "journal/",
                "journal/?format=csv",
                "journal/?format=xlsx",
                f"statements/{statement.uid}/",
            ),
        )
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_is_there_for_the_vendor_and_for_nobody_else(world, vendor, language):
    pages = _all(world, vendor)
    anna, ben, clara, dora = (client(name, language) for name in ("anna", "ben", "clara", "dora"))
    for page in pages:
        response = anna.get(page)
        assert response.status_code == 200, page
        writing = page.endswith(("/new/", "account/")) or "/import/" in page
        assert ben.get(page).status_code == (404 if writing else 200), page
        for stranger in (clara, dora):
            assert stranger.get(page).status_code == 404, page
        assert Client().get(page).status_code == 302
    text = _text(anna.get(vendor))
    assert ("warten auf Freigabe" in text or "wartet auf Freigabe" in text) == (language == "de")
    assert "7,50" in text if language == "de" else "7.50" in text


def test_a_partner_sees_its_own_page_by_account_and_by_link(world, vendor):
    _all(world, vendor)
    own = f"/partner/{world.tauwerk.uid}/commissions/"
    link = f"/p/{world.token()}/commissions/"
    rival = f"/partner/{world.grauwerk.uid}/commissions/"
    for page in (client("clara").get(own), Client().get(link)):
        text = _text(page)
        assert "Share of 50 %: 500.00 EUR of 1,000.00 EUR." in text
        assert 'aria-current="page">Commissions<' in page.content.decode()
        assert "3201" in text
        assert IBAN not in text
        assert "Grauwerk" not in text
        assert "2957" not in text
    assert Client().get(link)["Referrer-Policy"] == "same-origin"
    for kind in ("pdf", "csv", "xlsx"):
        assert Client().get(f"{link}?format={kind}").status_code == 200
    assert client("dora").get(own).status_code == client("clara").get(rival).status_code == 404
    assert client("anna").get(own).status_code == 404
    assert Client().get("/p/nonsense/commissions/").status_code == 404
    mine, other = (
        Statement.objects.get(relation=world.tauwerk),
        Statement.objects.get(relation=world.grauwerk),
    )
    assert Client().get(f"{link}statements/{mine.uid}/")["Content-Type"] == "application/pdf"
    assert Client().get(f"{link}statements/{other.uid}/").status_code == 404


def test_the_page_of_a_partner_shows_its_money_with_the_way_to_the_statement(world, vendor):
    made = book(world)
    for page, way in (
        (
            client("anna").get(f"/programmes/{world.programme.uid}/partners/{world.tauwerk.uid}/"),
            f"{vendor}partners/{world.tauwerk.uid}/",
        ),
        (
            client("clara").get(f"/partner/{world.tauwerk.uid}/"),
            f"/partner/{world.tauwerk.uid}/commissions/",
        ),
        (Client().get(f"/p/{(token := world.token())}/"), f"/p/{token}/commissions/"),
    ):
        text = _text(page)
        assert f'href="{way}"' in text
        assert "150.00 EUR" in text, made
        assert "Nothing earned yet" not in text
    rival = _text(client("dora").get(f"/partner/{world.grauwerk.uid}/"))
    assert "Nothing earned yet" in rival
    assert "150.00 EUR" not in rival


def test_a_partner_enters_its_account_by_link_and_sees_what_is_wrong(world):
    link = f"/p/{world.token()}/commissions/"
    wrong = _text(Client().post(link, {"name": "Tauwerk", "iban": IBAN[:-1] + "2"}), 422)
    assert "check digits" in wrong
    assert IBAN[:-1] + "2" in wrong, "what was typed stays"
    assert queries.last_four(world.clara) == {}
    assert Client().post(link, {"name": "Tauwerk", "iban": IBAN}).status_code == 302
    assert queries.last_four(world.clara) == {world.tauwerk.pk: "3201"}


def test_an_invoice_by_hand(world, vendor):
    anna = client("anna")
    data = {
        "number": "R-9", "day": f"{today():%Y-%m-%d}", "amount": "1.234,50", "currency": "eur", "product": "licence",
        "partner": "tauwerk sensorik gmbh 60 % | Grauwerk Messtechnik GmbH 40%",
    }  # fmt: skip
    answer = anna.post(f"{vendor}invoices/new/", data)
    assert answer.status_code == 302, answer.content.decode()
    made = Invoice.objects.get()
    assert made.amount == 1234_50
    assert sorted(one.amount for one in made.earnings.all()) == [98_76, 111_11] or sorted(
        one.amount for one in made.earnings.all()
    ) == [98_76, 111_10]
    for change, said in (
        ({"amount": "1.440"}, "not clear"),
        ({"partner": "Blauwerk"}, "no partner Blauwerk"),
        ({"partner": "Tauwerk Sensorik GmbH 60 %"}, "60 %, not 100 %"),
        ({"product": "boat"}, "no rule for the product boat"),
        ({"units": "many"}, "no number of units"),
        ({"currency": "E1R"}, "three letters"),
        ({"day": "2025-01-01"}, "2025-01-01"),
        ({"number": "R-9", "amount": "1"}, "booked already"),
    ):
        text = _text(anna.post(f"{vendor}invoices/new/", {**data, "number": "R-10", **change}), 422)
        assert said in text, change
    assert Invoice.objects.count() == 1


def test_invoices_from_a_file(world, vendor):
    anna = client("anna")

    def send(text):
        file = SimpleUploadedFile("r.csv", text.encode())
        return anna.post(f"{vendor}invoices/import/", {"file": file})

    day = f"{today():%d.%m.%Y}"
    good = (
        f"Rechnung;Datum;Betrag;Produkt;Partner\nR-1;{day};1.000,00;licence;Tauwerk Sensorik GmbH\n"
    )
    wrong = _text(
        send(
            good + f"R-2;{day};x;licence;Tauwerk Sensorik GmbH\nR-3;31.02.2026;5;licence;Nobody\n"
        ),
        422,
    )
    assert "Row 3, Net amount" in wrong
    assert "Row 4, Invoice date" in wrong
    assert "Row 4, Partner" in wrong
    assert not Invoice.objects.exists()
    assert send(good).status_code == 302
    assert send(good).status_code == 302
    assert Invoice.objects.get().amount == 1000_00
    assert "lacks these columns" in _text(send("a;b\n"), 422)


def test_rules_are_checked_previewed_and_saved_as_a_new_version(world, vendor):
    book(world)
    anna = client("anna")
    draft = RULES.replace("silver: 15 %", "silver: 25 %").replace('"2026.1"', '"2026.2"')
    check = f"{vendor}rules/check/"
    text = _text(anna.post(check, {"text": draft}, headers={"hx-request": "true"}))
    assert "250.00 EUR" in text
    assert "<html" not in text
    assert "<html" in _text(anna.post(check, {"text": draft}))
    assert 'class="num">Silver</th>' in _text(anna.get(f"{vendor}rules/"))
    broken = _text(anna.post(check, {"text": draft.replace("rate: 50 %", "rate: 150 %")}))
    assert "products.hosting.rate" in broken
    assert "line 1" in _text(anna.post(check, {"text": "a: [b"}))
    refused = _text(anna.post(f"{vendor}rules/new/", {"text": draft}), 422)
    assert "booked" in refused
    assert "25 %" in refused, "what was typed stays"
    later = draft.replace("{from: 2026-01-01}", f"{{from: {today() + timedelta(days=1)}}}")
    assert (
        anna.post(f"{vendor}rules/new/", {"text": later.replace("\n", "\r\n")}).status_code == 302
    )
    first, second = RuleVersion.objects.order_by("first")
    assert first.last == today()
    assert second.last is None
    assert earning(book(world, "R-2")).amount == 150_00, "the version of the day of the invoice"
    taken = later.replace("5 %", "6 %")
    assert "exists already" in _text(anna.post(f"{vendor}rules/new/", {"text": taken}), 422)
    assert client("ben").post(f"{vendor}rules/new/", {"text": later}).status_code == 404


def test_from_approval_to_the_bank(world, vendor):
    made = book(world)
    book(world, "R-2", 500_00, credited=((world.grauwerk.pk, Fraction(1)),))
    anna, ben = client("anna"), client("ben")
    chosen = [str(one.uid) for one in queries.waiting(world.anna)]
    assert ben.post(f"{vendor}approve/", {"earning": chosen}).status_code == 404
    assert anna.post(f"{vendor}approve/", {"earning": ["nonsense"]}, follow=True).status_code == 200
    anna.post(f"{vendor}approve/", {"earning": chosen})
    assert "missing" in _text(anna.get(f"{vendor}payments/"))
    assert "3000" in _text(
        anna.post(f"{vendor}payments/account/", {"name": "Nordwerk", "iban": OWN_IBAN}, follow=True)
    )
    accounts(world)
    day = f"{today():%Y-%m-%d}"
    run = {"currency": "EUR", "total": "25000", "execute_on": day}
    assert "In the meantime" in _text(anna.post(f"{vendor}payments/", {**run, "total": "1"}), 422)
    assert ben.post(f"{vendor}payments/", run).status_code == 404
    assert anna.post(f"{vendor}payments/", run).status_code == 302
    assert _text(anna.post(f"{vendor}payments/", run), 422)
    page = f"{vendor}payments/{PaymentRun.objects.get().uid}/"
    xml = anna.post(f"{page}file/")
    assert xml["Content-Type"] == "application/xml"
    assert b'<InstdAmt Ccy="EUR">150.00</InstdAmt>' in xml.content
    assert IBAN in anna.post(f"{page}file/", {"format": "csv"}).content.decode()
    assert ben.post(f"{page}file/").status_code == 404
    assert anna.get(f"{page}file/").status_code == 405
    assert anna.post(page, {"reason": ""}).status_code == 422
    assert anna.post(page, {"reason": "refused"}).status_code == 302
    assert "taken back already" in _text(anna.post(page, {"reason": "again"}), 422)
    invoice = f"{vendor}invoices/{made.uid}/"
    assert "more than the invoice had" in _text(
        anna.post(invoice, {"do": "cancel", "amount": "1000.01", "day": day, "reason": "x"}), 422
    )
    assert (
        anna.post(
            invoice, {"do": "cancel", "amount": "100,00", "day": day, "reason": "credit"}
        ).status_code
        == 302
    )
    approval = Entry.objects.filter(kind="approval", earning__invoice__number="R-2").get()
    anna.post(f"{vendor}journal/{approval.uid}/", {"reason": "too early"})
    assert "reversed by entry" in _text(anna.get(f"{vendor}journal/"))
    partner = f"{vendor}partners/{world.tauwerk.uid}/"
    assert (
        anna.post(partner, {"amount": "-5,00", "currency": "EUR", "reason": "goodwill"}).status_code
        == 302
    )
    assert "0" in _text(anna.post(partner, {"amount": "0", "currency": "EUR", "reason": "x"}), 422)


def test_milestones_are_confirmed_and_mistakes_voided(world, vendor):
    made = book(world, product="project")
    anna = client("anna")
    address = f"{vendor}milestones/{earning(made).uid}/"
    assert client("ben").post(address, {"key": "signed"}).status_code == 404
    assert anna.post(address, {"key": "nothing"}).status_code == 404
    assert anna.post(address, {"key": "signed"}).status_code == 302
    assert Entry.objects.get().lines.get(account="expense").amount == 40_00
    # The journal and its file call the milestone by the words of the rules, not by its key.
    for language, words in (("de", "Unterschrieben"), ("en", "Signed")):
        reader = client("anna", language)
        assert f">{words}<" in _text(reader.get(f"{vendor}journal/"))
        assert words in _text(reader.get(f"{vendor}journal/?format=csv"))
    assert (
        anna.post(
            f"{vendor}invoices/{made.uid}/", {"do": "void", "void-reason": "mistake"}
        ).status_code
        == 302
    )
    assert "void" in _text(anna.get(f"{vendor}invoices/{made.uid}/"))


def test_tables_hold_the_numbers_of_the_pages(world, vendor):
    book(world)
    anna = client("anna")
    rows = list(
        load_workbook(io.BytesIO(anna.get(f"{vendor}journal/?format=xlsx").content)).active.values
    )
    assert sum(row[8] for row in rows[1:]) == 0
    assert len(rows) == 3
    invoices = list(
        load_workbook(io.BytesIO(anna.get(f"{vendor}invoices/?format=xlsx").content)).active.values
    )
    assert invoices[1][10] == 150


def test_bad_addresses_are_no_error(world, vendor):
    book(world)
    anna = client("anna")
    for place in (
        "?first=x&last=y",
        "?first=2026-05-02&last=2026-05-01",
        "?currency=nonsense",
        "?first=2026-01-01",
    ):
        assert anna.get(f"{vendor}partners/{world.tauwerk.uid}/{place}").status_code == 200
    for place in (
        "invoices/?page=x",
        "journal/?page=999",
        "invoices/?state=x&q=" + "x" * 500,
        "rules/?version=x",
    ):
        assert anna.get(vendor + place).status_code == 200
    unknown = "00000000-0000-4000-8000-000000000000"
    for place in ("invoices", "partners", "payments", "statements"):
        assert anna.get(f"{vendor}{place}/{unknown}/").status_code == 404


def test_products_are_called_as_the_rules_call_them(world, vendor):
    half = Fraction(1, 2)
    made = book(world, credited=((world.tauwerk.pk, half), (world.grauwerk.pk, half)))
    anna = client("anna", "de")
    for place in ("invoices/", f"invoices/{made.uid}/"):
        page = _text(anna.get(vendor + place))
        assert "Lizenz" in page, place
        assert "licence" not in page, place
    assert "Lizenz (<code>licence</code>)" in _text(anna.get(f"{vendor}invoices/new/"))
    table = _text(anna.get(f"{vendor}invoices/?format=csv")).splitlines()
    assert "Produkt,Schlüssel des Produkts" in table[0]
    assert ",Lizenz,licence," in table[1]
    assert "Licence" in _text(client("clara").get(f"/partner/{world.tauwerk.uid}/commissions/"))


def test_names_of_thousands_of_partners_are_not_proposed(world, vendor):
    from mutualist.apps.commissions.pages.invoicing import MOST_PROPOSED
    from mutualist.apps.programme.models import Relation

    address, anna = f"{vendor}invoices/new/", client("anna")
    assert 'value="Tauwerk' in anna.get(address).content.decode()
    Relation.objects.bulk_create(
        Relation(programme=world.programme, name=f"Firma {at}") for at in range(MOST_PROPOSED)
    )
    page = anna.get(address)
    assert page.status_code == 200
    assert len(page.content) < 100_000
    assert "Firma 7" not in page.content.decode()
