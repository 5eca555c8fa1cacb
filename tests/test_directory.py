"""The directory of schools is made once of a table, and anew of another one."""

import pandas as pd

from mlbatch.directory import COLUMNS, Directory
from mlbatch.finding import Place

ROW = {
    "code": "014501",
    "level": "國小",
    "name": "示範國小",
    "county": "新北市",
    "owner": "市立",
    "township": "板橋區",
}


def table(**changed):
    row = ROW | {"classes_in_grades": 12, "place": Place("名錄.xlsx", "學校名錄", 4, {})} | changed
    return pd.DataFrame([row], columns=[*COLUMNS, "place"])


def test_rules_that_ask_the_same_table_get_the_same_directory():
    one, other = table(), table(name="他校")
    first = Directory.of(one)
    assert Directory.of(one) is first
    assert Directory.of(other).find(("014501", "國小")).name == "他校"
    assert Directory.of(one).find(("014501", "國小")).name == "示範國小"
