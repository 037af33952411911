"""Who a login stands for: only what the provider vouches for counts."""

from __future__ import annotations

import pytest

from pages.server.identity.person import login_owner, of_claims

ANN = {"iss": "https://id.example", "sub": "7", "name": "Ann", "email": "ann@lab.example", "email_verified": True}


def test_a_person_is_an_issuer_and_a_subject():
    assert of_claims(ANN).owner == login_owner("https://id.example", "7")
    assert of_claims(ANN | {"iss": "https://other.example"}).owner != of_claims(ANN).owner
    assert of_claims(ANN | {"name": "Ben", "email": ""}).owner == of_claims(ANN).owner
    assert login_owner("issuer", "subject") != login_owner("issuers", "ubject")


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_is_not_verified_is_none(said):
    assert of_claims(ANN | {"email_verified": said}).email == ""


def test_a_person_is_called_what_is_there():
    assert of_claims(ANN).name == "Ann"
    assert of_claims(ANN | {"name": " "}).name == "ann@lab.example"
    assert of_claims({"iss": "x", "sub": "7", "name": 3}).name == "7"
    assert len(of_claims(ANN | {"name": "a" * 9999}).name) == 120


@pytest.mark.parametrize("claims", [{}, ANN | {"sub": ""}, ANN | {"sub": 7}, ANN | {"iss": None}])
def test_claims_that_name_nobody_are_nobody(claims):
    assert of_claims(claims) is None
