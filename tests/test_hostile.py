"""The hostile study, small: each kind once, some mutations, always beside a healthy neighbour."""

import subprocess
import sys

import pytest

from mlbatch.forms import inbox
from mlbatch.plan import load_plan
from studies import hostile


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "kinds"
    command = [sys.executable, "-m", "studies.hostile", "--small", "--make", folder]
    subprocess.run(command, cwd=hostile.ROOT, check=True)
    return folder


def test_no_kind_of_hostile_file_harms_the_run_or_its_neighbour(made):
    read = [hostile.read_kind(name, must, folder) for name, must, folder in hostile.every_kind(made)]
    assert len(read) > 180
    assert {bucket for bucket, _ in read} == {"", "擱置", "略過"}


def test_mutated_files_are_read_or_named(tmp_path):
    bases = [hostile.BASE.read_bytes(), hostile.NEIGHBOUR.read_bytes()]
    (contents,) = hostile.batches(bases, 200, seed=1)
    reasons = hostile.read_batch(tmp_path / "inbox", contents)
    assert sum(reasons.values()) == 200
    assert 20 < reasons["（讀取）"] < 180


def test_a_neighbour_that_is_not_whole_is_seen(tmp_path):
    (tmp_path / hostile.HEALTHY_NAME).write_bytes(hostile.BASE.read_bytes())
    assert len(inbox.gather(tmp_path, load_plan()).readings) == 1
    with pytest.raises((AssertionError, KeyError)):
        hostile.gathered(tmp_path)
