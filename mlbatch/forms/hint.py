"""What is said about a field (欄位提示): whether it is needed, its limits, a prompt, an example."""

from __future__ import annotations

from mlbatch.forms.form import MAX_AMOUNT, Field, Kind

EXAMPLES = {
    Kind.CODE: "019901",
    Kind.YES_NO: "是",
    Kind.PHONE: "(02)5550-0123 轉 21",
    Kind.EMAIL: "officer@example.edu.tw",
}
SAID = {
    Kind.CODE: "六碼文字",
    Kind.CHOICE: "由選單擇一",
    Kind.YES_NO: "填是或否",
}


def need(field: Field, given: bool = False) -> str:
    """Whether the field must be filled, in a word; `given` fields came filled."""
    if field.formula:
        return "自動計算"
    if given and field.prefilled:
        return "已帶入"
    return "＊必填" if field.required else "選填"


def limits(field: Field) -> str:
    """The limits of the field in few words: `1至99班`, `至多60字`, `由選單擇一`."""
    if field.kind.numeric and field.high is not None and field.high < MAX_AMOUNT:
        return f"{field.low}至{field.high}{field.unit}"
    if field.kind.numeric:
        return f"整數，{field.unit}" if field.unit else "整數"
    if field.kind.dated:
        return f"如{' ' * (field.kind is Kind.MOMENT)}{example(field)}"
    return SAID.get(field.kind) or f"至多{field.limit}字"


def prompt(field: Field) -> str:
    """What is shown when a cell of the field is chosen; at most 255 characters, as Excel allows."""
    return f"{need(field)}。{field.help}{_full_limits(field)}"[:255]


def refusal(field: Field) -> str:
    """What is shown when a cell of the field is filled wrongly; at most 255 characters."""
    return f"「{field.label}」{_full_limits(field)}"[:255]


def example(field: Field) -> str:
    """An example of the field, or a dash."""
    if field.example:
        return field.example
    if field.kind.numeric:
        return f"{max(field.low or 0, 1):,}"
    return field.choices[0] if field.choices else EXAMPLES.get(field.kind, "—")


def day_example(field: Field) -> str:
    """An example of a day, of a field that holds a day or a moment."""
    return example(field).partition(" ")[0]


def _full_limits(field: Field) -> str:
    match field.kind:
        case Kind.WHOLE | Kind.MONEY:
            return f"請填整數，{field.low:,} 至 {field.high:,}{field.unit and f'（{field.unit}）'}。"
        case Kind.CHOICE:
            return f"請自選單擇一：{'、'.join(field.choices)}。"
        case Kind.YES_NO:
            return "請填「是」或「否」。"
        case Kind.CODE:
            return "請填六碼學校代碼，開頭之 0 不可省略。"
        case Kind.DATE:
            return f"請填民國日期，例如 {example(field)}。"
        case Kind.MOMENT:
            return f"請填日期與時間，例如 {example(field)}。"
        case Kind.EMAIL:
            return f"請填電子郵件，例如 {EXAMPLES[Kind.EMAIL]}。"
    return f"至多 {field.limit} 字。"
