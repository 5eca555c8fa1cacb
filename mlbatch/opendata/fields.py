"""What may go out as open data (開放資料欄位): every table and every field, declared once, an allow-list.

A column that is not declared here never leaves the house. None of these fields holds what a sender typed
freely, a person's name or number, or one reviewer's score.
"""

from __future__ import annotations

from dataclasses import dataclass

TEXT, WHOLE, NUMBER, YES_NO, DAY, MOMENT = "string", "integer", "number", "boolean", "date", "datetime"
NTD, CLASSES, SCHOOLS = "新臺幣元", "班", "校"
CODE = r"\d{6}([A-Z]\d{1,2})?"


@dataclass(frozen=True)
class Field:
    """One column: its name, Chinese title, what it holds, clause, Table Schema type, unit.

    `codes` names the closed list of its values (codes.py); `refers` is the (table, field) whose value it
    takes; a field that is not `required` is empty where there is nothing to say. `low` is its least value, or
    that one of the plan's own that gives it.
    """

    name: str
    title: str
    note: str
    cite: str = ""
    type: str = TEXT
    unit: str = ""
    codes: str = ""
    refers: tuple[str, str] | None = None
    required: bool = True
    low: int | str | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Table:
    """One table of results: its name for machines, its Chinese title (the files' name), and its fields."""

    name: str
    title: str
    note: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]


def _money(
    name: str, title: str, note: str, cite: str, *, required: bool = True, low: int | None = 0
) -> Field:
    return Field(name, title, note, cite, WHOLE, NTD, required=required, low=low)


def _count(name: str, title: str, note: str, cite: str, unit: str, *, required: bool = True) -> Field:
    return Field(name, title, note, cite, WHOLE, unit, required=required, low=0)


def _clause(name: str, title: str, note: str, *, required: bool = True) -> Field:
    return Field(name, title, note, "", TEXT, refers=("clauses", "clause"), required=required)


def _county(note: str, *, required: bool = True) -> Field:
    return Field("county", "縣市", note, "", TEXT, codes="county", required=required)


def _school(note: str, *, refers: bool = True, required: bool = True) -> Field:
    pattern = "" if refers else CODE + "-.+"
    target = ("schools", "school") if refers else None
    return Field(
        "school", "學校識別碼", note, "肆.一", TEXT, refers=target, required=required, pattern=pattern
    )


ID = "學校代碼與學制，以「-」相連。試算表開啟 CSV 時會去掉學校代碼開頭之 0，請以本欄識別與併表"
OWN_SHARE = "計畫總額減補助之數，由縣市或國立學校自籌"

SCHOOL_TABLE = Table(
    "schools", "學校", "一校一學制一列，含未獲補助者；不在學校名錄而未獲補助之申請不列。", ("school",),
    (
        _school(ID, refers=False),
        Field("code", "學校代碼", "六碼，開頭之 0 不可省略", "肆.一", pattern=CODE),
        Field("level", "學制", "國小或國中；同一代碼可有兩個學制", "肆.一", codes="level"),
        Field("name", "學校名稱", "學校名錄所載之校名", "肆.一", required=False),
        _county("學校所在縣市；國立學校不隸屬縣市"),
        Field("owner", "公私立", "學校名錄所載", "肆.一", codes="owner", required=False),
        Field("national", "國立學校", "是否為國立學校；由學校自行申請", "肆.四(三)", YES_NO),
        Field("township", "鄉鎮市區", "學校名錄所載", "", required=False),
        Field("new", "新申請", "上一年度未獲補助", "肆.六(二)", YES_NO),
        Field("remote", "偏遠", "列於公告日之偏遠地區學校名錄", "肆.四(四)3(3)", YES_NO),
        Field("island", "離島", "位於離島", "肆.五(三)", YES_NO),
        Field("few_resources", "資源較不足地區", "偏遠、花東、屏東或離島", "肆.五(三)", YES_NO),
        Field("call", "徵件次別", "1 為首次徵件，2 為再次徵件", "肆.五", WHOLE, low=1),
        _count("county_rank", "縣市推薦序", "縣市推薦學校名單之序；國立學校與未推薦者為空", "肆.四(一)2", "", required=False),
        _count("requested", "申請班級數", "學校申請之班級數；未填者為空", "肆.四(四)3(1)", CLASSES, required=False),
        _count("allowed", "核計班級數", "依班級數上限與配合情形核計，未計經費", "肆.六", CLASSES),
        Field("verdict", "資格審查結果", "受理檢核之結論", "肆.四", codes="verdict"),
        _clause("verdict_clause", "資格審查依據", "結論所依之條次；受理者為空", required=False),
        Field("reason", "資格審查理由代碼", "決定結論之檢核代碼；受理者為空", "", refers=("kinds", "kind"), required=False),
        Field("waived", "有豁免", "是否有經本部豁免之檢核", "肆.四(四)4", YES_NO),
        Field("total_score", "審查總分", "各審查項目加權後之總分；未審查或不公開者為空", "肆.五", NUMBER, "分", required=False, low=0),
        _count("rank", "名次", "審查總分之名次；未審查或不公開者為空", "肆.五", "", required=False),
        Field("outcome", "核定結果", "現行核定結果，含核定後之異動", "肆.五", codes="outcome"),
        _clause("outcome_clause", "核定結果依據", "核定結果所依之條次"),
        _count("waiting", "備取序", "備取之次序；非備取者為空", "肆.五", "", required=False),
        _count("awarded", "裁示核定班級數", "本部裁示核定之班級數，異動前", "肆.五", CLASSES),
        _count("approved", "現行核定班級數", "扣除核定後退出與減班、加計遞補之班級數", "肆.五", CLASSES),
        _money("grant", "補助經費", "差旅輔導費與各班經費之和；經常門加資本門，不含教練學校補助", "柒.三(一)"),
        _money("current", "經常門", "補助經費之經常門，不含教練學校補助", "肆.四(四)1"),
        _money("capital", "資本門", "補助經費之資本門", "肆.四(四)1"),
        _money("coach", "教練學校補助", "全數為經常門", "附件3.三"),
        Field("percent", "補助比率", "中央補助之百分比；所屬縣市未定比率者為空", "柒.一", WHOLE, "%", required=False, low=0),
        _money("plan_total", "計畫總額", "補助與自籌之和", "柒.一"),
        _money("own_share", "自籌", OWN_SHARE, "柒.一"),
        Field("budget_state", "經費申請表情形", "未獲補助者為空", "柒.四", codes="state", required=False),
        Field("revised_state", "修正計畫書情形", "未獲補助者為空", "肆.七(二)", codes="state", required=False),
    ),
)  # fmt: skip
COUNTY_TABLE = Table(
    "counties", "縣市", "一縣市一列，國立學校不計於縣市。", ("county",),
    (
        _county("有學校申請或受補助之縣市"),
        _count("listed", "推薦校數", "推薦學校名單所列之校數", "肆.四(一)2", SCHOOLS),
        _count("plans", "計畫書校數", "送教學實施計畫書之校數", "肆.四(一)2", SCHOOLS),
        _count("accepted", "受理校數", "資格審查受理之校數", "肆.四", SCHOOLS),
        _count("approved_schools", "核定校數", "現行核定之校數", "肆.五", SCHOOLS),
        _count("approved_classes", "核定班級數", "現行核定之班級數", "肆.五", CLASSES),
        _money("school_grants", "學校補助", "所屬學校補助經費之和，不含教練學校補助", "柒.三(一)"),
        _money("coach", "教練學校補助", "所屬教練學校補助之和", "附件3.三"),
        _money("county_grant", "縣市補助", "扣減前之縣市補助", "柒.二"),
        _money("reduction", "扣減", "以前年度計畫未如期結案之扣減，正數", "肆.五"),
        _money("workshop", "工作坊補助", "校長科技領導暨教師增能工作坊", "陸.三"),
        _money("granted", "補助總額", "學校補助、教練學校補助、縣市補助與工作坊補助之和，減扣減", "肆.七"),
        Field("percent", "補助比率", "中央補助之百分比；未定者為空", "柒.一", WHOLE, "%", required=False, low=0),
        _money("plan_total", "計畫總額", "補助與自籌之和，不含工作坊補助", "柒.一"),
        _money("own_share", "自籌", OWN_SHARE, "柒.一"),
        Field("budget_state", "縣市經費申請表情形", "沒有縣市補助者為空", "柒.四", codes="state", required=False),
    ),
)  # fmt: skip
TOTAL_TABLE = Table(
    "totals", "總計", "全計畫一列。", ("year",),
    (
        Field("year", "計畫年度", "民國年", "參", WHOLE, low="year"),
        _money("budget", "預算", "本年度預算", "柒.三"),
        _money("schools", "學校補助", "各校補助經費之和，含國立學校", "柒.三(一)"),
        _money("coaches", "教練學校補助", "教練學校補助之和，含國立學校", "附件3.三"),
        _money("counties", "縣市補助", "扣減前縣市補助之和", "柒.二"),
        _money("reductions", "扣減", "扣減之和，正數", "肆.五"),
        _money("workshops", "工作坊補助", "工作坊補助之和", "陸.三"),
        _money("granted", "補助總額", "以上各項之和，減扣減", "肆.七"),
        _money("left", "預算餘額", "預算減補助總額", "柒.三", low=None),
        _count("not_in_directory", "名錄外之申請數", "不在學校名錄、未獲補助，因而不列於「學校」之申請", "肆.一", "件"),
    ),
)  # fmt: skip
CHANGE_TABLE = Table(
    "changes", "核定後異動", "核定後退出或減班之學校，一校一列；遞補見「學校」之裁示與現行核定班級數。", ("school",),
    (
        _school("見「學校」"),
        Field("change", "異動事由", "退出或減班之事由", "柒.九(三)", codes="change"),
        Field("day", "異動日期", "異動生效之日", "柒.九(三)", DAY),
        _count("before", "異動前班級數", "本部裁示核定之班級數", "肆.五", CLASSES),
        _count("after", "異動後班級數", "保留之班級數，退出者為 0", "柒.九(三)", CLASSES),
    ),
)  # fmt: skip
CALL_TABLE = Table(
    "second_calls", "再次徵件", "本部請再提報之縣市，一縣市一列。", ("county",),
    (
        _county("請再提報之縣市"),
        Field("announced", "通知日期", "通知縣市再提報之日", "肆.五", DAY),
        Field("closing", "截止時間", "臺灣時間，含該秒", "肆.五", MOMENT),
    ),
)  # fmt: skip
PAYEE_TABLE = Table(
    "payees", "受款單位", "有補助之縣市與國立學校，一單位一列。", ("payee",),
    (
        Field("payee", "受款單位", "縣市名稱；國立學校為學校識別碼", "肆.七"),
        _county("縣市；國立學校為空", required=False),
        _school("國立學校，見「學校」；縣市為空", required=False),
        _count("schools", "核定校數", "現行核定之校數", "肆.五", SCHOOLS),
        _count("classes", "核定班級數", "現行核定之班級數", "肆.五", CLASSES),
        _money("current", "經常門", "補助總額之經常門，含教練學校、縣市與工作坊補助", "肆.四(四)1"),
        _money("capital", "資本門", "補助總額之資本門", "肆.四(四)1"),
        _money("granted", "補助總額", "經常門與資本門之和", "肆.七"),
        Field("state", "請款情形", "請款文件與撥款之情形", "肆.七", codes="claim"),
        Field("paid_on", "撥款日期", "未撥款者為空", "肆.七", DAY, required=False),
        _money("paid", "撥款金額", "未撥款者為空", "肆.七", required=False),
    ),
)  # fmt: skip
FINDING_TABLE = Table(
    "findings", "檢核發現件數", "各縣市與國立學校所送文件之檢核發現，依代碼計數；本部清冊與審查之發現不列。",
    ("group", "kind", "severity"),
    (
        Field("group", "縣市或國立學校", "國立學校合併計列", "肆.四", codes="group"),
        Field("kind", "檢核代碼", "見「檢核代碼」", "", refers=("kinds", "kind")),
        Field("severity", "性質", "本次之性質；豁免或試行者為提醒", "肆.四(四)4", codes="severity"),
        Field("count", "件數", "發現之件數，含已補正前之最後一次檢核", "肆.四(四)4", WHOLE, "件", low=1),
    ),
)  # fmt: skip
KIND_TABLE = Table(
    "kinds", "檢核代碼", "檢核發現之代碼與其意義。", ("kind",),
    (
        Field("kind", "檢核代碼", "連字號之前為規則代號", ""),
        Field("headline", "意義", "檢核發現之簡稱", ""),
        Field("severity", "性質", "通常之性質", "肆.四(四)4", codes="severity"),
        _clause("clause", "依據", "計畫條次"),
    ),
)  # fmt: skip
CLAUSE_TABLE = Table(
    "clauses", "條次", "本資料引用之計畫條次與摘要；文字以計畫為準。", ("clause",),
    (
        Field("clause", "條次", "計畫之章、節、目"),
        Field("summary", "摘要", "本部之摘要，非計畫原文"),
    ),
)  # fmt: skip

TABLES = (
    SCHOOL_TABLE, COUNTY_TABLE, TOTAL_TABLE, PAYEE_TABLE, CHANGE_TABLE, CALL_TABLE, FINDING_TABLE, KIND_TABLE, CLAUSE_TABLE,
)  # fmt: skip
