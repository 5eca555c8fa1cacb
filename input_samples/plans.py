"""A school's plan (教學實施計畫書), filled from its row of the table `applications`."""

from __future__ import annotations

from collections.abc import Iterator

from readable import APPLICATIONS, BY_KEY, PLAN, Row, fill, table


def filled_plan(row: dict[str, str]) -> dict[str, list[Row]]:
    """The values of the form `application` by table."""
    number = APPLICATIONS.index(row)
    devices = [
        dict(zip(("device", "count", "source"), one.split(":"), strict=True))
        for one in _parts(row["devices"])
    ]
    advisors = [_ADVISORS[one] for one in _parts(row["advisors"])]
    return {
        "plans": [fill("application", "plans", row)],
        "devices": [fill("application", "devices", one) for one in devices],
        "classes": list(_classes(row, number)),
        "teaching": [_teaching(row, number)],
        "advisors": [fill("application", "advisors", one) for one in advisors],
        "costs": list(_costs(row)),
    }


def _parts(words: str) -> list[str]:
    return words.split("、")


def _classes(row: dict[str, str], number: int) -> Iterator[Row]:
    """The requested classes in each semester: older grades first, one section each."""
    grades, areas = PLAN.schools.grades[row["level"]], _parts(row["areas"])
    school = BY_KEY[row["code"], row["level"]]
    for half, semester in enumerate(PLAN.schools.semesters):
        for i in range(int(row["requested"])):
            yield {
                "semester": semester,
                "grade": grades[-1 - i % len(grades)],
                "section": f"{i // len(grades) + 1}班"
                if school["area_class"]
                else f"{(number + i) % 4 + 1}班",
                "area": areas[i % len(areas)],
                "teacher": _PEOPLE[(number * 5 + i) % len(_PEOPLE)],
                "pupils": (8 if school["area_class"] else 24) + (number + i + half) % 5,
            }


def _teaching(row: dict[str, str], number: int) -> Row:
    """The five texts, each in one of its variants."""
    texts: dict[str, list[str]] = {}
    for one in table("teaching"):
        texts.setdefault(one["field"], []).append(one["text"])
    return {name: variants[number % len(variants)].format_map(row) for name, variants in texts.items()}


def _costs(row: dict[str, str]) -> Iterator[Row]:
    """What is asked for: each line of the table `costs`, its quantity by classes."""
    for line in table("costs"):
        quantity = int(line["quantity"]) + int(line["per_class"]) * int(row["requested"])
        price = int(line["price"])
        yield {**line, "price": price, "quantity": quantity, "amount": price * quantity}


_ADVISORS = {row["id"]: row for row in table("advisors")}
_PEOPLE = [row["name"] for row in table("people")]
