"""One round to correct: each kind of damage once (the study runs thousands, docs/studies/damage.md)."""

import random

import pytest

from studies import damages
from studies.damage import Ward


@pytest.fixture(scope="module")
def ward():
    return Ward()


def test_clean_forms_have_nothing_to_correct(ward):
    assert len(ward.patients) > 40
    assert {patient.form.id for patient in ward.patients} == {"application", "recommendation"}


@pytest.mark.parametrize("damage", damages.ALL, ids=lambda damage: damage.name)
def test_a_damage_is_found_and_put_right_in_one_round(ward, damage):
    fit = [patient for patient in ward.patients if patient.form.id in damage.forms]
    chance = random.Random(f"107 {damage.name}")
    trial = ward.trial(damage, chance.choice(fit), chance)
    assert trial.problem == ""


def test_there_are_enough_kinds():
    assert len({damage.name for damage in damages.ALL}) >= 40


def test_a_fault_that_is_not_told_fails_the_trial(ward, monkeypatch):
    blank = next(damage for damage in damages.ALL if damage.kind == "F1-blank")
    monkeypatch.setattr(ward, "findings", lambda content: [])
    fit = [patient for patient in ward.patients if patient.form.id in blank.forms]
    assert "not found" in ward.trial(blank, fit[0], random.Random(1)).problem
