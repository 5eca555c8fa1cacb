"""教學實施計畫書: a school's plan, sent by its county, or by a national school itself (肆.四)."""

from mlbatch.forms.application_checks import checks
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.plan import Plan

COVERAGE = ("全校", "實施班級", "無")
FUNDS = ("補助", "自籌")
ACCOUNTS = ("經常門", "資本門")
AREAS = ("國語文", "英語文", "本土語文", "數學", "自然科學", "社會", "藝術與人文", "健康與體育",
         "綜合活動", "生活課程", "資訊科技", "跨領域")  # fmt: skip
DEVICES = ("平板電腦", "筆記型電腦", "智慧型手機", "其他")


def form(plan: Plan) -> Form:
    """The plan of one school."""
    return Form(
        id="application",
        title="教學實施計畫書",
        filled_by="學校",
        purpose="申請學校填寫，一校一份；縣市所屬學校由縣市上傳，國立學校自行上傳。",
        cite="肆.三",
        due="calendar.closing",
        how="縣市所屬學校由縣市上傳；國立學校自行上傳並函送。",
        checks=checks(plan),
        sheets=sheets(plan, basics(plan)),
    )


def sheets(plan: Plan, basics: tuple[Field, ...], own: str = "") -> tuple[Sheet, ...]:
    """The sheets of a school's plan, beginning with `basics`; `own` stands before each table's name."""
    return (
        Sheet("基本資料", head_table=f"{own}plans", head=basics),
        Sheet("行動載具", rows_table=f"{own}devices", rows=_devices(plan), capacity=12),
        Sheet("實施班級", rows_table=f"{own}classes", rows=_classes(plan), capacity=20),
        Sheet("教學規劃", head_table=f"{own}teaching", head=_teaching()),
        Sheet("輔導學者專家", rows_table=f"{own}advisors", rows=_advisors(plan), capacity=10),
        Sheet("經費需求", rows_table=f"{own}costs", rows=costs(plan), capacity=30),
    )


def basics(plan: Plan) -> tuple[Field, ...]:
    """The head of a school's plan."""
    return (
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼，開頭之 0 不可省略。", prefilled=True),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24, prefilled=True),
        Field("county", "縣市", Kind.CHOICE, "學校所在縣市。", choices=tuple(plan.counties), prefilled=True),
        Field("level", "學制", Kind.CHOICE, "國小或國中；兩學制各填一份。", choices=plan.schools.levels, prefilled=True),
        Field("principal", "校長", help="校長姓名。", limit=30),
        Field("officer", "承辦人", help="承辦人姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "學校電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
        Field("core_team", "核心教師人數", Kind.WHOLE, "參與計畫之核心教師人數。", low=1, high=200, unit="人"),
        Field(
            "requested", "申請班級數", Kind.WHOLE, "學校自行提報之班級數；兩學期各須實施此數。",
            low=1, high=99, unit="班", cite="肆.四(四)3",
        ),
        Field(
            "coverage", "無線網路涵蓋", Kind.CHOICE, "可上網之範圍；至少須涵蓋實施班級。",
            choices=COVERAGE, cite="肆.二(一)",
        ),
        Field(
            "network_source", "無線網路來源", Kind.CHOICE, "無線網路由何方提供。",
            choices=plan.schools.sources, cite="肆.二(一)",
        ),
    )  # fmt: skip


def _devices(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("device", "種類", Kind.CHOICE, "行動載具種類。", choices=DEVICES, width=14),
        Field("count", "數量", Kind.WHOLE, "可用於教學之數量。", low=0, high=9999, unit="臺", width=10),
        Field(
            "source", "來源", Kind.CHOICE, "行動載具由何方提供。",
            choices=plan.schools.sources, width=14, cite="肆.二(一)",
        ),
    )  # fmt: skip


def _classes(plan: Plan) -> tuple[Field, ...]:
    by_level = list(plan.schools.grades.values())
    grades, upper = [grade for grades in by_level for grade in grades], by_level[-1]
    return (
        Field("semester", "學期", Kind.CHOICE, "實施學期；兩學期都要列。", choices=plan.schools.semesters, width=18, cite="肆.二(二)"),
        Field(
            "grade", "年級", Kind.WHOLE, f"國小 {min(grades)} 年級以上；國中填 {min(upper)} 至 {max(upper)}。",
            low=1, high=max(grades), width=8, cite="肆.一",
        ),
        Field("section", "班別", help="班別，例如 1 班、甲班。", limit=20, width=10),
        Field("area", "領域", Kind.CHOICE, "實施之學習領域。", choices=AREAS, width=14),
        Field("teacher", "教師", help="授課教師姓名。", limit=30, width=12),
        Field("pupils", "學生數", Kind.WHOLE, "該班學生人數。", low=1, high=60, unit="人", width=10),
    )  # fmt: skip


def _teaching() -> tuple[Field, ...]:
    return (
        Field("goals", "計畫目標", Kind.LONG, "本校推動行動學習之目標。", width=80),
        Field(
            "design",
            "教學設計",
            Kind.LONG,
            "如何運用載具與教育雲資源於課程。",
            width=80,
            cite="肆.五(一)",
        ),
        Field("community", "教師社群與研習", Kind.LONG, "教師社群之運作與研習安排。", width=80),
        Field("assessment", "成效評估", Kind.LONG, "如何評估學生之學習成效。", width=80),
        Field("results", "預期成果", Kind.LONG, "預期之成果與推廣方式。", width=80),
    )


def _advisors(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("advisor", "姓名", help="輔導學者專家姓名。", limit=30, width=12),
        Field("institution", "服務單位", help="任職學校或機關。", limit=60, width=24),
        Field("post", "職稱", help="職稱。", limit=30, width=12),
        Field(
            "professor",
            "大專校院教授",
            Kind.YES_NO,
            "任教於大專校院者填「是」。",
            width=14,
            cite="伍.三(七)",
        ),
        Field(
            "county",
            "縣市",
            Kind.CHOICE,
            "服務單位所在縣市。",
            choices=tuple(plan.counties),
            width=10,
        ),
    )


def costs(plan: Plan) -> tuple[Field, ...]:
    """The columns of a budget: one line an item (柒.五)."""
    return (
        Field(
            "item", "經費項目", Kind.CHOICE, "計畫所列之補助項目。",
            choices=tuple(plan.items.accounts), width=20, cite=plan.cite("items.accounts"),
        ),
        Field("account", "經/資門", Kind.CHOICE, "經常門或資本門。", choices=ACCOUNTS, width=10),
        Field("price", "單價", Kind.MONEY, "單價（元）。", low=1, high=MAX_AMOUNT, unit="元", width=12),
        Field("quantity", "數量", Kind.WHOLE, "數量。", low=1, high=99999, width=10),
        Field("measure", "單位", help="單位，例如 人次、臺。", limit=10, width=8),
        Field("amount", "總價", Kind.MONEY, "單價乘以數量（元）。", low=1, high=MAX_AMOUNT, unit="元", width=14),
        Field("fund", "計畫金額來源", Kind.CHOICE, "補助或自籌。", choices=FUNDS, width=14, cite="柒.一"),
        Field("note", "說明", help="用途說明。", required=False, limit=200, width=30),
    )  # fmt: skip
