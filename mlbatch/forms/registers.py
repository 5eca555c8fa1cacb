"""The ministry's own lists (清冊): one table each, filled by ministry clerks.

A register that a job needs and does not find stops the job with a sentence naming it.
"""

from __future__ import annotations

from mlbatch import catalogue
from mlbatch.forms import coaching, running_year
from mlbatch.forms.form import MAX_AMOUNT, Field, Form, Kind, Sheet
from mlbatch.forms.register import register, school_columns
from mlbatch.plan import Plan
from mlbatch.withdrawal import CHANGES

AREA_CLASSES = ("偏遠", "特偏", "極偏")
OWNERS = ("公立", "私立", "國立")
GRADES = ("甲", "乙", "丙", "丁")


def forms(plan: Plan) -> tuple[Form, ...]:
    """Every register of the plan year, in the order in which the year needs them."""
    return (
        _directory(plan),
        _remote(plan),
        _subsidised(plan),
        _incomplete(plan),
        _deepening(plan),
        _false_statements(plan),
        _school_record(plan),
        _county_record(plan),
        _uploads(plan),
        _letters_received(plan),
        _reviewers(plan),
        _fiscal(plan),
        _coaches(plan),
        _workshops(plan),
        _settings(plan),
        _waivers(plan),
        _withdrawals(plan),
        _second_calls(plan),
        _dispatched(),
        *running_year.registers(plan),
        *coaching.registers(plan),
    )


def _directory(plan: Plan) -> Form:
    rows = (
        *school_columns(plan),
        Field("owner", "公私立", Kind.CHOICE, "公立、私立或國立。", choices=OWNERS, width=8),
        Field("township", "鄉鎮市區", help="學校所在鄉鎮市區。", limit=20, width=12),
        Field(
            "classes_in_grades", "適用年級班級數", Kind.WHOLE, "三年級以上之班級數。",
            low=0, high=200, unit="班", width=16,
        ),
    )  # fmt: skip
    purpose = "全國國民中小學名錄，供核對代碼、校名、縣市與班級數。"
    return register("directory", "學校名錄", purpose, "肆.一", rows, may_be_empty=False)


def _remote(plan: Plan) -> Form:
    area = Field("area_class", "地區屬性", Kind.CHOICE, "偏遠等級。", choices=AREA_CLASSES, width=10)
    purpose = "徵件公告日之偏遠地區國中小學校名錄。"
    return register("remote", "偏遠地區學校名錄", purpose, "肆.四(四)3", (*school_columns(plan), area))


def _subsidised(plan: Plan) -> Form:
    classes = Field(
        "classes",
        "補助班級數",
        Kind.WHOLE,
        f"{plan.schools.subsidised_year}年補助班級數。",
        low=0,
        high=99,
        unit="班",
        width=12,
    )
    purpose = "未列於本清冊者為新申請學校。"
    rows = (*school_columns(plan), classes)
    return register("subsidised", f"{plan.schools.subsidised_year}年補助學校", purpose, "肆.六(二)", rows)


def _incomplete(plan: Plan) -> Form:
    years = plan.schools.incomplete_years
    year = Field("year", "年度", Kind.WHOLE, "未完成之年度。", low=min(years), high=max(years), width=8)
    purpose = "列名之學校不具申請資格。"
    title = "、".join(str(y) for y in years) + "年未完成資料繳交學校"
    return register("incomplete", title, purpose, "肆.一", (year, *school_columns(plan)))


def _deepening(plan: Plan) -> Form:
    purpose = "獲選深耕計畫之學校，本計畫不重複補助。"
    return register(
        "deepening", f"{plan.year}年深耕計畫獲選學校", purpose, "肆.四(四)2", school_columns(plan)
    )


def _false_statements(plan: Plan) -> Form:
    rows = (
        *school_columns(plan),
        Field("found_on", "查明日期", Kind.DATE, "查明不實之日期。"),
        Field("why", "不實事項", Kind.LONG, "何處不實。", limit=300, width=48),
    )
    purpose = "經查填寫不實之學校，取消申請資格。"
    return register("false_statements", "填寫不實學校", purpose, "肆.四(四)6", rows)


def _school_record(plan: Plan) -> Form:
    rows = (
        *school_columns(plan),
        Field(
            "score",
            "配合度與成果分數",
            Kind.WHOLE,
            "0 至 100 分。",
            low=0,
            high=100,
            unit="分",
            width=18,
        ),
        Field("grade", "配合等第", Kind.CHOICE, "甲、乙、丙、丁。", choices=GRADES, width=10),
        Field("awards", "獲獎件數", Kind.WHOLE, "獲獎件數。", low=0, high=99, unit="件", width=10),
    )
    year = plan.schools.record_year
    purpose = f"{year}年參與學校之行政配合度、執行成果與獲獎。"
    return register("school_record", f"{year}年配合度與獲獎", purpose, "肆.五(二)", rows)


def _county_record(plan: Plan) -> Form:
    since, year = plan.schools.closing_since, plan.schools.record_year
    rows = (
        Field("county", "縣市", Kind.CHOICE, "縣市名稱。", choices=tuple(plan.counties), width=10),
        *(
            Field(name, label, Kind.WHOLE, "0 至 100 分。", low=0, high=100, unit="分", width=12)
            for name, label in (("call", "徵件分數"), ("payment", "撥款分數"), ("closing", "結案分數"))
        ),
        Field("closed_105", f"{year}年結案日期", Kind.DATE, f"{year}年計畫結案日期；未結案者空白。", required=False, width=14),
        Field(
            "closed_all", f"{since}至{year}年結案日期", Kind.DATE, f"{since}至{year}年計畫全數結案之日期；未結案者空白。",
            required=False, width=20,
        ),
    )  # fmt: skip
    purpose = "縣市執行資訊教育計畫之行政配合情形與結案日期。"
    return register("county_record", "縣市結案紀錄", purpose, "肆.五(四)", rows, may_be_empty=False)


def _uploads(plan: Plan) -> Form:
    rows = (
        Field("upload_name", "檔名", help="上傳之檔名。", limit=200, width=44),
        Field("uploaded_at", "上傳時間", Kind.MOMENT, "上傳完成之時間，到秒。", width=20),
        Field("uploaded_by", "上傳者", help="上傳之縣市或學校。", limit=60, width=20),
    )
    return register("uploads", "上傳紀錄", "計畫網站之上傳紀錄。", "肆.四(四)4", rows)


def _letters_received(plan: Plan) -> Form:
    rows = (
        Field("sender", "發文單位", help="縣市名稱，或國立學校之名稱。", limit=60, width=20),
        Field("letter_number", "公文文號", help="來文文號。", limit=60, width=28),
        Field("letter_date", "公文日期", Kind.DATE, "來文日期。"),
        Field("received_on", "收文日期", Kind.DATE, "本部收文日期。"),
        Field(
            "codes", "公文名單學校代碼", Kind.LONG, "公文所附名單之學校代碼，以頓號分隔；國立學校填該校代碼。",
            required=False, width=48,
        ),
        Field("corrected_on", "補正日期", Kind.DATE, "補正公文收文日期。", required=False),
        Field("note", "備註", help="備註。", required=False, limit=200, width=24),
    )  # fmt: skip
    return register("letters_received", "公文收文紀錄", "申請公文之收文紀錄。", "肆.四(四)5", rows)


def _reviewers(plan: Plan) -> Form:
    rows = (
        Field("reviewer", "委員代號", help="不重複之代號，例如 R01。", limit=20, width=10),
        Field("name", "姓名", help="委員姓名。", limit=30, width=12),
        Field("institution", "服務單位", help="任職學校或機關。", limit=60, width=28),
        Field(
            "county",
            "縣市",
            Kind.CHOICE,
            "服務單位所在縣市。",
            choices=tuple(plan.counties),
            width=10,
        ),
    )
    purpose = "審查委員；不審查任職學校與服務縣市之學校。"
    return register("reviewers", "審查委員", purpose, "肆.五(一)", rows, may_be_empty=False)


def _fiscal(plan: Plan) -> Form:
    rows = (
        Field("county", "縣市", Kind.CHOICE, "縣市名稱。", choices=tuple(plan.counties), width=10),
        Field("grade", "財力級次", Kind.WHOLE, "1 至 5 級。", low=1, high=5, width=10),
        Field(
            "central_percent", "中央補助比率", Kind.WHOLE, "中央負擔之百分比。",
            low=1, high=plan.county_grant.central_percent_max, unit="%", width=14, cite="柒.一",
        ),
        Field("from_year", "起始年度", Kind.WHOLE, "適用之起始年度。", low=90, high=200, width=10),
        Field("to_year", "迄止年度", Kind.WHOLE, "適用之迄止年度。", low=90, high=200, width=10),
    )  # fmt: skip
    purpose = "縣市財力級次與中央補助比率，據以計算自籌經費。"
    return register("fiscal", "財力分級與自籌比率", purpose, "柒.一", rows, may_be_empty=False)


def _coaches(plan: Plan) -> Form:
    purpose = "核定之教練學校，另補助輔導及推廣經費。"
    return register("coaches", f"{plan.year}年教練學校", purpose, "附件3.三", school_columns(plan))


def _workshops(plan: Plan) -> Form:
    rows = (
        Field("county", "縣市", Kind.CHOICE, "縣市名稱。", choices=tuple(plan.counties), width=10),
        Field(
            "amount",
            "補助金額",
            Kind.MONEY,
            "補助金額（元）。",
            low=1,
            high=MAX_AMOUNT,
            unit="元",
            width=14,
        ),
    )
    purpose = "共同辦理校長科技領導暨教師增能工作坊之縣市與補助。"
    return register("workshops", "工作坊補助縣市", purpose, "陸.三", rows)


def _settings(plan: Plan) -> Form:
    rows = (
        Field(
            "label",
            "設定名稱",
            Kind.CHOICE,
            "要調整之設定。",
            choices=tuple(plan.settings()),
            width=32,
        ),
        Field("value", "設定值", help="調整後之值。", limit=100, width=16),
        Field("decided_by", "決定者", help="決定之單位。", limit=60, width=20),
        Field("decided_on", "決定日期", Kind.DATE, "決定之日期。"),
        Field("why", "理由", Kind.LONG, "調整之理由。", limit=300, width=48),
    )
    purpose = "本部就計畫未明定事項所作之調整；未列者依預設。"
    return register("settings", "辦理設定", purpose, "肆.五", rows, needed=False)


def _waivers(plan: Plan) -> Form:
    kinds = tuple(f"{kind.id} {kind.headline}" for kind in catalogue.SPARABLE)
    rows = (
        Field("rule", "規則", Kind.CHOICE, "要豁免之檢核發現。", choices=kinds, width=32),
        *school_columns(plan),
        Field("authority", "裁示機關", help="作成豁免或裁示之機關或單位。", limit=60, width=20),
        Field("letter_number", "公文文號", help="豁免或裁示之文號。", limit=60, width=28),
        Field("reason", "理由", Kind.LONG, "豁免之理由，將載於各項文件。", limit=300, width=48),
        Field("decided_on", "日期", Kind.DATE, "豁免或裁示之日期；自該日起適用。"),
    )  # fmt: skip
    purpose = "本部對個別學校豁免某項檢核之裁示；列於此者照常受理，並於各項文件載明。"
    return register("waivers", "豁免與裁示", purpose, "肆.四(四)4", rows, needed=False)


def _withdrawals(plan: Plan) -> Form:
    rows = (
        *school_columns(plan),
        Field("change", "異動事由", Kind.CHOICE, "退出或減班之事由。", choices=tuple(CHANGES), width=14),
        Field("classes", "退出班級數", Kind.WHOLE, "減班者填退出之班級數；其他事由空白。", required=False, low=1, high=99, unit="班", width=12),
        Field("day", "日期", Kind.DATE, "異動生效之日期。"),
        Field("letter_number", "公文文號", help="來文或裁示之文號。", limit=60, width=28),
        Field("reason", "理由", Kind.LONG, "異動之理由，將載於公文。", limit=300, width=48),
    )  # fmt: skip
    purpose = "核定後放棄、減班、改列深耕計畫或取消資格之學校；所餘經費依序遞補。"
    return register("withdrawals", "核定後異動", purpose, "柒.九(三)", rows, needed=False)


def _second_calls(plan: Plan) -> Form:
    rows = (
        Field("county", "縣市", Kind.CHOICE, "請其再次提報之縣市。", choices=tuple(plan.counties), width=10),
        Field("announced", "通知日期", Kind.DATE, "本部通知之日期。"),
        Field("closing", "截止時間", Kind.MOMENT, "該縣市再次提報之截止時間。", width=20),
        Field("letter_number", "公文文號", help="通知之文號。", limit=60, width=28),
        Field("reason", "理由", Kind.LONG, "請其再次提報之理由。", limit=300, width=48),
    )
    purpose = "本部通知再次提報推薦名單之縣市；各有截止時間，僅增列學校，不更換已送之資料。"
    return register("second_calls", "再次徵件", purpose, "肆.五", rows, needed=False)


# What went out: filled in by `release`, in a block of its own -------------------------------------

LETTER = Field("letter", "公文", help="公文在輸出資料夾內之路徑。", limit=200, width=40)
LONGEST_UNIT = 20_000


def _dispatched() -> Form:
    rows = (
        LETTER,
        Field("recipient", "受文者", help="受文者全銜。", limit=60, width=24),
        Field("kind", "公文種類", help="例如核定函。", limit=40, width=14),
        Field("day", "發文日期", Kind.DATE, "發文之日期。"),
        Field("letter_number", "發文字號", help="發文之字號。", limit=60, width=30),
        Field("sha256", "sha256", help="核發檔案之雜湊值。", limit=64, width=24),
        Field("draft", "原擬文字", help="程式原擬文字之雜湊值。", required=False, limit=64, width=24),
    )
    text = (
        LETTER,
        Field("unit", "段次", Kind.WHOLE, "自 1 起。", low=1, high=99_999, width=8),
        Field("text", "內文", Kind.LONG, "該段或該列表格之文字。", limit=LONGEST_UNIT, width=80),
    )
    return Form(
        id="dispatched", title="發文紀錄", filled_by="本部",
        purpose="已核發之公文，由 release 指令填寫；放入收件資料夾後，列名之公文不再更動。",
        cite="肆.七",
        sheets=(
            Sheet("發文紀錄", rows_table="dispatched", rows=rows, rows_required=False, capacity=200),
            Sheet("核發內文", rows_table="dispatched_text", rows=text, rows_required=False, capacity=200),
        ),
        register=True, required_register=False,
    )  # fmt: skip
