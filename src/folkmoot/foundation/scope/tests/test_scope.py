"""A query that forgets whose rows it may see fails; no write crosses organisations."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.shortcuts import get_object_or_404

from folkmoot.foundation.scope.context import writing_for
from folkmoot.foundation.scope.errors import ScopeMissing, WriteRefused
from folkmoot.foundation.scope.models import OrganisationScoped


class Shelf(OrganisationScoped):
    label = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "scope"


class Box(OrganisationScoped):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="boxes", null=True)
    count = models.IntegerField(default=0)

    class Meta:
        app_label = "scope"


@pytest.fixture(scope="module", autouse=True)
def _tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Shelf)
            editor.create_model(Box)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Box)
            editor.delete_model(Shelf)


@pytest.fixture
def ours(organisation: Any) -> Shelf:
    shelf = Shelf.objects.for_organisation(organisation).create(label="ours")
    Box.objects.for_organisation(organisation).create(shelf=shelf, count=1)
    return shelf


@pytest.fixture
def theirs(other_organisation: Any) -> Shelf:
    shelf = Shelf.objects.for_organisation(other_organisation).create(label="theirs")
    Box.objects.for_organisation(other_organisation).create(shelf=shelf, count=2)
    return shelf


FORGETFUL = {
    "iteration": lambda: list(Shelf.objects.all()),
    "get": lambda: Shelf.objects.get(label="ours"),
    "first": lambda: Shelf.objects.first(),
    "last": lambda: Shelf.objects.last(),
    "count": lambda: Shelf.objects.count(),
    "exists": lambda: Shelf.objects.filter(label="ours").exists(),
    "contains": lambda: Shelf.objects.contains(Shelf(pk=1)),
    "aggregate": lambda: Box.objects.aggregate(models.Sum("count")),
    "values": lambda: list(Box.objects.values("count")),
    "values_list": lambda: list(Box.objects.values_list("count", flat=True)),
    "in_bulk": lambda: Shelf.objects.in_bulk([1]),
    "iterator": lambda: list(Shelf.objects.iterator()),
    "explain": lambda: Shelf.objects.all().explain(),
    "update": lambda: Box.objects.update(count=9),
    "delete": lambda: Box.objects.all().delete(),
    "raw deletion": lambda: Box.objects.all()._raw_delete("default"),
    "raw SQL": lambda: list(Shelf.objects.raw("SELECT * FROM scope_shelf")),
    "subquery": lambda: list(Box.objects.across_organisations(because="test").filter(shelf__in=Shelf.objects.all())),
    "union": lambda: list(Shelf.objects.across_organisations(because="test").union(Shelf.objects.all())),
    "or": lambda: list(Shelf.objects.across_organisations(because="test") | Shelf.objects.all()),
    "update_or_create": lambda: Shelf.objects.update_or_create(label="ours"),
    "bulk_update": lambda: Box.objects.bulk_update([Box(pk=1, organisation_id=1)], ["count"]),
    "base manager": lambda: list(Shelf._base_manager.all()),
    "empty reason": lambda: Shelf.objects.across_organisations(because=" "),
}


@pytest.mark.parametrize("query", FORGETFUL.values(), ids=FORGETFUL)
def test_a_query_that_does_not_say_whose_rows_fails(ours: Shelf, query: Any) -> None:
    with pytest.raises(ScopeMissing, match="does not say whose rows"):
        query()


def test_a_person_sees_the_rows_of_their_organisations_only(
    ours: Shelf, theirs: Shelf, organisation: Any, person: Any
) -> None:
    analyst = person("analyst", organisation)
    assert list(Shelf.objects.visible_to(analyst)) == [ours]
    assert Box.objects.visible_to(analyst).aggregate(total=models.Sum("count")) == {"total": 1}
    assert Shelf.objects.across_organisations(because="test").count() == 2


def test_a_stranger_sees_nothing(ours: Shelf) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not Shelf.objects.visible_to(AnonymousUser()).exists()


def test_a_guessed_id_is_not_found(ours: Shelf, theirs: Shelf, organisation: Any, person: Any) -> None:
    from django.http import Http404

    with pytest.raises(Http404):
        get_object_or_404(Shelf.objects.visible_to(person("analyst", organisation)), pk=theirs.pk)


def test_relations_and_refreshing_follow_the_row_they_start_from(ours: Shelf, organisation: Any) -> None:
    ours.refresh_from_db()
    box = ours.boxes.get()
    assert Box.objects.for_organisation(organisation).get(pk=box.pk).shelf == ours
    assert [
        len(shelf.boxes.all()) for shelf in Shelf.objects.for_organisation(organisation).prefetch_related("boxes")
    ] == [1]


def test_a_row_read_in_scope_is_changed_whole_or_by_field(ours: Shelf, theirs: Shelf, organisation: Any) -> None:
    shelf = Shelf.objects.for_organisation(organisation).get()
    shelf.label = "whole"
    shelf.save()
    shelf.label = "by field"
    shelf.save(update_fields=["label"])
    everybody = Shelf.objects.across_organisations(because="test")
    assert set(everybody.values_list("label", flat=True)) == {"by field", "theirs"}


def test_deleting_a_row_takes_what_belongs_to_it(ours: Shelf, theirs: Shelf) -> None:
    ours.delete()
    assert Box.objects.across_organisations(because="test").count() == 1


def test_a_row_stays_with_its_organisation(ours: Shelf, other_organisation: Any, organisation: Any) -> None:
    ours.organisation = other_organisation
    with pytest.raises(WriteRefused, match="stays with it"):
        ours.save()
    with pytest.raises(WriteRefused, match="stays with its organisation"):
        Shelf.objects.for_organisation(organisation).update(organisation=other_organisation)
    with pytest.raises(WriteRefused, match="stays with its organisation"):
        Shelf.objects.for_organisation(organisation).bulk_update([ours], ["organisation"])


def test_nothing_is_written_for_an_organisation_one_does_not_belong_to(
    ours: Shelf, theirs: Shelf, organisation: Any, other_organisation: Any
) -> None:
    with writing_for(lambda: frozenset({organisation.pk})):
        Shelf.objects.for_organisation(organisation).create(label="fine")
        for write in (
            lambda: Shelf.objects.create(label="x", organisation=other_organisation),
            lambda: Shelf.objects.bulk_create([Shelf(label="x", organisation=other_organisation)]),
            lambda: theirs.save(),
            lambda: theirs.delete(),
        ):
            with pytest.raises(WriteRefused):
                write()
    assert Shelf.objects.across_organisations(because="test").count() == 3


def test_no_row_is_tied_to_another_organisations_row_and_absent_rows_answer_alike(
    ours: Shelf, theirs: Shelf, organisation: Any
) -> None:
    boxes = Box.objects.for_organisation(organisation)
    said = set()
    for shelf_id in (theirs.pk, 10_000):
        for write in (
            lambda key=shelf_id: boxes.create(shelf_id=key),
            lambda key=shelf_id: boxes.bulk_create([Box(organisation=organisation, shelf_id=key)]),
        ):
            with pytest.raises(WriteRefused) as refusal:
                write()
            said.add(str(refusal.value))
    assert len(said) == 1, "the answer would tell whether the id exists"
    with pytest.raises(WriteRefused):
        boxes.update(shelf=theirs)
    with pytest.raises(ValidationError, match="not a valid choice"):
        Box(organisation=organisation, shelf_id=theirs.pk).full_clean()


def test_a_scoped_query_saves_for_its_own_organisation_only(organisation: Any, other_organisation: Any) -> None:
    row = Shelf(label="x", organisation=other_organisation)
    with pytest.raises(WriteRefused, match="outside the query"):
        Shelf.objects.for_organisation(organisation).bulk_create([row])


def test_forms_may_check_uniqueness_across_organisations(ours: Shelf, other_organisation: Any) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        Shelf(label="ours", organisation=other_organisation).full_clean()


def test_a_model_with_an_open_manager_is_reported() -> None:
    class Leaky(OrganisationScoped):
        objects = models.Manager()

        class Meta:
            app_label = "scope"

    assert "scope.E001" in {each.id for each in Leaky.check()}
    from django.apps import apps

    del apps.all_models["scope"]["leaky"]


def test_a_member_of_two_organisations_sees_both_also_when_prefetching(
    ours: Shelf, theirs: Shelf, organisation: Any, other_organisation: Any, person: Any
) -> None:
    from folkmoot.foundation.identity.models import Membership

    both = person("analyst", organisation)
    Membership.objects.create(user=both, organisation=other_organisation, role="analyst")
    shelves = Shelf.objects.visible_to(both).prefetch_related("boxes").order_by("label")
    assert [[box.count for box in shelf.boxes.all()] for shelf in shelves] == [[1], [2]]
