"""What the month asks for (本月工作): decided from the plan's calendar and from what was filed.

Each `wait` function returns an empty text when its job is due, otherwise the sentence that tells
the clerk what the job waits for.
"""

from __future__ import annotations

from datetime import date

from mlbatch import roc
from mlbatch.obligation import OVERDUE, THIS_MONTH
from mlbatch.plan import Plan
from mlbatch.tables import CLAIMS, CLOSINGS, NOT_SENT, PAYABLE, TO_CORRECT, TO_SUPPLY, Tables

LETTERS = "請核對「核定與經費表」，於 Word 編修各「受文者」資料夾內之公文；各函狀態見「發文清單」，發文時執行 release。"


def no_wait(tables: Tables, plan: Plan, as_of: date) -> str:
    """A job that is due in every month."""
    return ""


def until_closing(tables: Tables, plan: Plan, as_of: date) -> str:
    """Review begins when the call has closed (肆.四(四)4)."""
    if plan.calendar.closed(as_of):
        return ""
    return f"徵件至 {roc.minute(plan.calendar.closing)} 截止，截止後始進行審查。"


def until_scored(tables: Tables, plan: Plan, as_of: date) -> str:
    """Ranking needs every score; a missing score is never taken for zero (肆.五(一))."""
    late = tables["outstanding"]
    if late.empty:
        return ""
    names = "、".join(f"{r}（{n} 校）" for r, n in zip(late["reviewer"], late["schools"], strict=True))
    return f"等候評分：尚有 {len(late)} 位委員未交齊評分表：{names}。"


def until_award(tables: Tables, plan: Plan, as_of: date) -> str:
    """Awards are announced from December on (肆.三)."""
    if waiting := until_scored(tables, plan, as_of):
        return waiting
    if as_of >= plan.calendar.award_from:
        return ""
    return f"排序已完成；核定作業自 {roc.short(plan.calendar.award_from)} 起辦理。"


def until_decided(tables: Tables, plan: Plan, as_of: date) -> str:
    """Budgets and payment follow the ministry's decision (肆.七)."""
    if "decisions" in tables:
        return ""
    return "公文草稿已完成；等候本部裁示：收回核定清冊後，始辦理經費編列、請款與撥款。"


def until_running(tables: Tables, plan: Plan, as_of: date) -> str:
    """Tracking begins with the plan's first day (附件1), after the ministry's decision."""
    if waiting := until_decided(tables, plan, as_of):
        return waiting
    if as_of >= plan.calendar.start:
        return ""
    return f"計畫自 {roc.short(plan.calendar.start)} 起執行，屆時始追蹤各項應辦事項。"


def until_year_end(tables: Tables, plan: Plan, as_of: date) -> str:
    """The closing begins in the plan's last month (柒.九), of what was decided and granted."""
    if waiting := until_decided(tables, plan, as_of):
        return waiting
    if as_of >= plan.settling.begin:
        return ""
    return f"年度追蹤已辦理；結案作業自 {roc.short(plan.settling.begin)} 起辦理。"


def needed_registers(job: str, plan: Plan, as_of: date) -> tuple[str, ...]:
    """The registers without which a job stops; the letters only once they were due (肆.四(四)5)."""
    letters = ("letters_received",) if as_of > plan.calendar.letter_due else ()
    return {
        "intake": (
            "directory", "remote", "subsidised", "incomplete", "deepening", "false_statements",
            "school_record", "uploads", *letters,
        ),
        "review": ("reviewers", "county_record"),
        "award": ("fiscal", "coaches", "workshops"),
    }.get(job, ())  # fmt: skip


def coach_registers(tables: Tables) -> tuple[str, ...]:
    """The registers by which a coach school qualifies: needed once one is listed or has applied (附件3.二)."""
    named = any(name in tables and len(tables[name]) for name in ("coaches", "coach_applications"))
    return ("winners", "former_coaches") if named else ()


def next_step(tables: Tables, plan: Plan, as_of: date) -> str:
    """What the clerk does next, in one sentence."""
    if not plan.calendar.closed(as_of):
        return _before_closing(tables, plan)
    if "outstanding" not in tables:
        return "受理檢核已完成；請接著執行 review 或 run 進行審查。"
    if not tables["outstanding"].empty:
        return "請將「審查/評分表」內之評分表寄送各委員；收回後放入收件資料夾，重新執行。"
    if "totals" not in tables:
        return f"請確認「審查總表」之排序與同分；{roc.short(plan.calendar.award_from)} 起重新執行以核定經費。"
    if "decisions" not in tables:
        return "請於「核定/核定清冊.xlsx」填核定班級數與裁示理由，放入收件資料夾後重新執行；公文為依建議所擬之草稿。"
    if "closing_items" in tables:
        running = _running(tables) if "duties" in tables and as_of <= plan.calendar.end else ""
        return running + _closing(tables, plan)
    told = _payment(tables) if "payees" in tables else ""
    running = _running(tables) if "duties" in tables else ""
    return (told or LETTERS) + running


def letters_changed(number: int) -> str:
    """What to add to the next step while `number` letters say what no longer holds."""
    return f"另有 {number} 件公文之內容已變更，請先看「發文清單」。" if number else ""


def _payment(tables: Tables) -> str:
    """What payment asks for; nothing while no paper has come and none is overdue.

    To record what comes is asked while some payee owes papers, whatever else is asked.
    """
    payees = tables["payees"]
    if not (payees["received"].sum() or payees["remind"].any()):
        return ""
    counts = payees["state"].value_counts()
    said = "、".join(f"{state} {counts[state]} 單位" for state in CLAIMS if state in counts)
    todo = ["寄送補件通知"] if payees["remind"].any() else []
    todo += ["就可撥款者辦理撥款，並於檢核表填撥款日期"] if PAYABLE in counts else []
    owing = TO_SUPPLY in counts or NOT_SENT in counts
    todo += ["收到文件後登錄「請款/檢核表」，放入收件資料夾重新執行"] if owing else []
    return f"請款情形：{said}。" + (f"請{'；'.join(todo)}。" if todo else "")


def _running(tables: Tables) -> str:
    """What the running year asks for; nothing while nothing falls due and nothing is overdue."""
    duties = tables["duties"]
    late, now = ((duties["state"] == state).sum() for state in (OVERDUE, THIS_MONTH))
    if not (late or now):
        return ""
    due = f"年度追蹤：本月到期 {now} 項、逾期 {late} 項。"
    todo = "請寄送催繳通知；" if late else "請"
    return f"{due}{todo}收到執行紀錄簿後登錄上傳紀錄，放入收件資料夾，下月重新執行。"


def _closing(tables: Tables, plan: Plan) -> str:
    """What the closing asks for."""
    counts = tables["payees"]["closing_state"].value_counts()
    said = "、".join(f"{state} {counts[state]} 單位" for state in CLOSINGS if state in counts)
    todo = ["寄送結案函予已結案者"] if tables["payees"]["closed"].any() else []
    todo += (
        []
        if tables["payees"]["closed"].all()
        else ["寄送結算表與催送或補件之函，收到結算表後放入收件資料夾重新執行"]
    )
    return f"結案情形：{said}；期限 {roc.short(plan.closing.settlement_due)}。請{'；'.join(todo)}。"


def _before_closing(tables: Tables, plan: Plan) -> str:
    until = roc.minute(plan.calendar.closing)
    if (tables["schools"]["verdict"] == TO_CORRECT).any():
        return (
            f"請將「受文者」各資料夾（補正通知、檢核結果、待修正）寄送縣市與國立學校，於 {until} 前更正上傳。"
        )
    return f"目前無待補正之學校；{until} 截止後重新執行，開始審查。"
