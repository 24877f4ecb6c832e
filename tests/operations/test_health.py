from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.mark.django_db
def test_health_is_200_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.django_db
def test_health_is_503_when_it_does_not(client: Client) -> None:
    with mock.patch("operations.views.connection.cursor", side_effect=OperationalError("database is locked")):
        response = client.get("/healthz")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
