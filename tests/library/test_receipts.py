"""Receipts are checked without a server, whatever is in the files."""

from __future__ import annotations

import json
from email.message import EmailMessage

import jsonschema
import pytest

import mutualist as mu
from library.receipts import OTHER, PARTIES, SHEET, head, public, receipt, signed
from mutualist.domain.assess import builtin_ruleset, visible_answers
from mutualist.library.errors import FileError
from mutualist.library.heads import read_heads, signed_by
from mutualist.library.receipts import SENTENCES, verify_receipt, verify_receipts
from mutualist.library.signatures import holds, read_public_key
from mutualist.library.words import text

GOOD = receipt()


def room(answers=None, **more):
    answers = {"A": SHEET} if answers is None else answers
    return {"ruleset": "2026.2", "parties": PARTIES, "answers": answers, **more}


def codes(check):
    return [doubt.code for doubt in check.doubts]


def write(path, document):
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_receipt_holds(tmp_path):
    check = mu.verify_receipt(write(tmp_path / "a.json", GOOD), public_key=public().upper())
    assert isinstance(check, mu.ReceiptCheck)
    assert (check.ok, check.messages(), check.compared) == (True, (), ())
    document = check.to_dict()
    assert document["fingerprint"] == GOOD["fingerprint"]
    said = json.dumps(document)
    assert GOOD["nonce"] not in said
    assert SHEET["1.1"] not in json.dumps(document, ensure_ascii=False)


def test_the_schema_describes_it():
    jsonschema.validate(GOOD, mu.receipt_schema())
    for field in GOOD:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**GOOD, field: None}, mu.receipt_schema())
    assert set(mu.receipt_schema()["properties"]) == set(GOOD)


def test_what_the_installation_did_not_sign_is_told():
    assert codes(verify_receipt({**GOOD, "name": "Other"})) == ["signature"]
    assert codes(verify_receipt({**GOOD, "signature": "00" * 64})) == ["signature"]
    assert codes(verify_receipt({**GOOD, "sealed_at": "2025-01-01T00:00:00Z"})) == ["signature"]
    foreign = receipt(key=OTHER)
    assert codes(verify_receipt(foreign)) == []
    assert codes(verify_receipt(foreign, public_key=public())) == ["other_key"]


def test_questions_are_those_of_the_rule_version():
    assert codes(verify_receipt(receipt(questions="ab" * 32))) == ["questions"]
    unknown = signed({**receipt(questions="ab" * 32), "ruleset": "2031.1"})
    assert codes(verify_receipt(unknown)) == []


def test_several_are_compared(tmp_path):
    files = [
        write(tmp_path / "1.json", GOOD),
        write(tmp_path / "2.json", receipt(nonce="77" * 32)),
        write(tmp_path / "3.json", receipt(party="B", key=OTHER)),
        write(tmp_path / "4.json", {}),
    ]
    checks = verify_receipts(files)
    assert [codes(check) for check in checks] == [[], ["two_seals"], ["two_keys"], ["no_receipt"]]
    assert "1.json" in checks[1].messages()[0]
    assert "2.json" in checks[1].messages("de")[0]


def test_what_was_opened_is_what_was_sealed(tmp_path):
    rules = builtin_ruleset("2026.2")
    shown = visible_answers(SHEET, rules)
    assert "2.3" not in shown
    full = verify_receipt(GOOD, result=room())
    assert (full.ok, full.compared) == (True, (("", "all"),))
    file = tmp_path / "room.json"
    write(file, room({"A": shown, "B": {"1.4": "open"}}))
    check = verify_receipt(GOOD, result=file)
    assert (check.ok, check.compared) == (True, ((str(file), "shown"),))
    assert check.to_dict()["compared"] == [{"file": str(file), "answers": "shown"}]
    told = {"parties": PARTIES, "answers": {"A": shown}, "round": 1}
    assert verify_receipt(GOOD, result={**told, "fingerprints": {"A": GOOD["fingerprint"]}}).ok
    assert verify_receipt(GOOD, result={**told, "fingerprints": {"B": "0000 0000"}}).ok


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        (room({"A": {**SHEET, "1.4": "open"}}), "other_answers", "1.4"),
        (room({"A": {"1.4": "gt3"}}), "other_answers", "1.1"),
        (room({"A": {**SHEET, "1.6": "head"}}), "broken_result", "1.6"),
        (room({"B": SHEET}), "no_party", "A"),
        (room({"A": {}}), "no_party", "A"),
        (room({"A": []}), "no_party", "A"),
        (room(round=2), "other_round", "2"),
        (room(ruleset="2031.1"), "other_rules", "2031.1"),
        (room(fingerprints={"A": "0000 0000"}), "other_fingerprint", "0000 0000"),
        ({"schema": "verdict/1"}, "no_answers", "Take the room file"),
        ({"answers": {}, "parties": []}, "no_answers", "Take the room file"),
        (room({"A": {**SHEET, "2.2": {"years": "many"}}}), "broken_result", "2.2"),
    ],
)
def test_what_was_opened_is_something_else(result, code, said):
    check = verify_receipt(GOOD, result=result)
    assert codes(check) == [code]
    assert said in check.messages()[0]


def test_rules_nobody_knows_cannot_be_compared():
    unknown = signed({**receipt(questions="ab" * 32), "ruleset": "2031.1"})
    assert codes(verify_receipt(unknown, result=room(ruleset="2031.1"))) == ["broken_result"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"a":1,"a":2}', "unreadable"),
        (b'{"sheet":' + b"9" * 5000 + b"}", "unreadable"),
        (b'{"sheet":NaN}', "unreadable"),
        (b"x" * 3_000_000, "unreadable"),
        (b"null", "no_receipt"),
        (b"[1]", "no_receipt"),
        (b'{"schema":"mutualist-receipt/2"}', "no_receipt"),
        (b'{"schema":"mutualist-receipt/1"}', "missing"),
        (b'{"schema":"mutualist-receipt/1","name":"\\ud800"}', "missing"),
    ],
)
def test_a_bad_file_never_stops_the_check(tmp_path, content, code):
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    check = verify_receipt(file, result=room(), lang="de")
    assert code in codes(check)
    assert check.messages("de")
    assert check.to_dict("de")["ok"] is False
    assert codes(verify_receipt(GOOD, result=file))[0] in {"broken_result", "no_answers"}


def test_a_surrogate_in_a_name_is_no_reason_to_stop():
    assert codes(verify_receipt({**GOOD, "name": "\ud800"})) == ["form"]


def test_a_missing_file_is_named(tmp_path):
    check = verify_receipt(tmp_path / "nowhere.json")
    assert codes(check) == ["unreadable"]
    assert "no such file" in check.messages()[0]


def test_every_doubt_has_its_sentence_in_both_languages():
    values = {"field": "1", "found": "2", "expected": "3"}
    for sentence in SENTENCES.values():
        assert text(sentence, "de", **values) != text(sentence, "en", **values)


def test_a_key_is_read_out_of_any_text():
    assert read_public_key(f"key {public().upper()} of the server, {public()}") == public()
    for wrong in ("", "ab" * 31, f"{public()} {public(OTHER)}", public() + "ab"):
        with pytest.raises(FileError, match="64 hexadecimal digits"):
            read_public_key(wrong)


def test_a_signature_that_is_none_does_not_hold():
    assert not holds("zz", b"", "00")
    assert not holds(public(), b"", "not hexadecimal")


def mail(charset="utf-8", encoding="quoted-printable"):
    message = EmailMessage()
    message["From"], message["To"] = "Mutualist <m@example.org>", "anna@example.org"
    message["Subject"] = "Geöffnet"
    message.set_content(
        f"Grüße\n\n{head().text}\n\n{head(43).text}\n", charset=charset, cte=encoding
    )
    message.add_alternative(f"<p>Grüße</p><pre>{head().text}</pre>", subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_heads_are_read_from_saved_mails(tmp_path, encoding):
    file = tmp_path / "mail.eml"
    file.write_bytes(mail(encoding=encoding))
    assert set(read_heads(file)) >= {head(), head(43)}
    file.write_bytes(b"From x Sun Nov 22\n" + mail() + b"\nFrom y Sun Nov 22\n" + mail())
    assert set(read_heads(file)) == {head(), head(43)}


def test_heads_are_read_from_text_and_json(tmp_path):
    file = tmp_path / "heads"
    file.write_text(f"one\n{head().text}\n> {head(43).text}", encoding="utf-8")
    assert read_heads(file) == (head(), head(43))
    write(file, head().to_dict())
    assert read_heads(file) == (head(),)
    for nothing in ("", "{", '{"schema": "x"}', "From: a@b.example\nTo: c@d.example\n\nnothing"):
        file.write_text(nothing, encoding="utf-8")
        with pytest.raises(FileError, match="mutualist-head/1"):
            read_heads(file)


def test_a_mail_in_an_unknown_character_set_still_shows_its_head(tmp_path):
    file = tmp_path / "mail.eml"
    plain = mail(encoding="8bit").replace(b'charset="utf-8"', b'charset="nonsense"')
    file.write_bytes(plain)
    assert head() in read_heads(file)


def test_who_signed_a_head():
    assert signed_by(head())
    assert signed_by(head(), public())
    assert not signed_by(head(), public(OTHER))
    assert not signed_by(head(key=OTHER), public())
