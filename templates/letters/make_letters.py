"""Make the first version of the letter templates; from then on the .docx files are the source.

    python templates/letters/make_letters.py FOLDER

Writes the templates into FOLDER, which must not be this one: what clerks have edited since is
never overwritten. The tables stand on a landscape page of their own (附件).
"""

from __future__ import annotations

import sys
from pathlib import Path

from layout import AGENCY, BODY, CENTER, DATA, LEFT, RIGHT, Draft

# One column of a table: label, what stands in its cells, width in cm, alignment.
FUNDED = [
    ("序號", "{{ 校.序號 }}", 1.2, CENTER),
    ("學校代碼", "{{ 校.學校代碼 }}", 2.1, CENTER),
    ("學校名稱", "{{ 校.學校名稱 }}", 5.1, LEFT),
    ("學制", "{{ 校.學制 }}", 1.4, CENTER),
    ("申請\n班級數", "{{ 校.申請班級數 }}", 1.6, RIGHT),
    ("核定\n班級數", "{{ 校.核定班級數 }}", 1.6, RIGHT),
    ("經常門", "{{ 校.經常門 }}", 2.3, RIGHT),
    ("資本門", "{{ 校.資本門 }}", 2.3, RIGHT),
    ("教練學校\n（經常門）", "{{ 校.教練學校 }}", 2.4, RIGHT),
    ("補助合計", "{{ 校.補助合計 }}", 2.4, RIGHT),
    ("自籌", "{{ 校.自籌 }}", 2.3, RIGHT),
]
OWN = [
    ("核定\n班級數", "{{ 校.核定班級數 }}", 2.0, RIGHT),
    ("經常門", "{{ 校.經常門 }}", 2.8, RIGHT),
    ("資本門", "{{ 校.資本門 }}", 2.8, RIGHT),
    ("教練學校\n（經常門）", "{{ 校.教練學校 }}", 2.8, RIGHT),
    ("補助合計", "{{ 校.補助合計 }}", 2.8, RIGHT),
    ("自籌", "{{ 校.自籌 }}", 2.8, RIGHT),
]
REFUSED = [
    ("序號", "{{ 校.序號 }}", 1.2, CENTER),
    ("學校代碼", "{{ 校.學校代碼 }}", 2.1, CENTER),
    ("學校名稱", "{{ 校.學校名稱 }}", 5.4, LEFT),
    ("學制", "{{ 校.學制 }}", 1.4, CENTER),
    ("結果", "{{ 校.結果 }}", 3.2, CENTER),
    ("理由", "{{ 校.理由 }}", 8.9, LEFT),
    ("依據", "{{ 校.依據 }}", 2.5, CENTER),
]
FAULTS = [
    ("序號", "{{ 項.序號 }}", 1.2, CENTER),
    ("性質", "{{ 項.性質 }}", 1.3, CENTER),
    ("學校", "{{ 項.學校 }}", 3.4, LEFT),
    ("檔案／工作表／儲存格", "{{ 項.檔案 }}\n{{ 項.工作表 }}　{{ 項.儲存格 }}", 4.9, LEFT),
    ("讀到之內容", "{{ 項.讀到之內容 }}", 2.9, LEFT),
    ("不符情形", "{{ 項.不符情形 }}", 4.7, LEFT),
    ("請如何處理", "{{ 項.請如何處理 }}", 4.2, LEFT),
    ("依據", "{{ 項.依據 }}", 2.1, CENTER),
]

BLANK_ROWS = 4  # of a request, for the applicant's own items
REQUEST = [
    ("經費項目", "{{ 項.經費項目 }}", 4.4, LEFT),
    ("單價", "", 2.3, RIGHT),
    ("數量", "", 1.7, RIGHT),
    ("總價", "{{ 項.總價 }}", 2.7, RIGHT),
    ("說明", "{{ 項.說明 }}", 8.2, LEFT),
    ("計畫金額", "{{ 項.計畫金額 }}", 2.7, RIGHT),
    ("補助金額", "{{ 項.補助金額 }}", 2.7, RIGHT),
]
GAPS = [
    ("序號", "{{ 項.序號 }}", 1.4, CENTER),
    ("學校（單位）", "{{ 項.學校 }}", 8.0, LEFT),
    ("文件", "{{ 項.文件 }}", 8.4, LEFT),
    ("情形", "{{ 項.情形 }}", 3.4, CENTER),
    ("依據", "{{ 項.依據 }}", 3.5, CENTER),
]
OVERDUE = [
    ("序號", "{{ 項.序號 }}", 1.4, CENTER),
    ("學校（單位）", "{{ 項.學校 }}", 6.4, LEFT),
    ("項目", "{{ 項.項目 }}", 9.2, LEFT),
    ("期限", "{{ 項.期限 }}", 2.8, CENTER),
    ("尚欠", "{{ 項.尚欠 }}", 1.6, RIGHT),
    ("依據", "{{ 項.依據 }}", 3.3, CENTER),
]
OPEN = [
    ("序號", "{{ 項.序號 }}", 1.4, CENTER),
    ("學校（單位）", "{{ 項.學校 }}", 7.6, LEFT),
    ("事項", "{{ 項.事項 }}", 6.4, LEFT),
    ("情形", "{{ 項.情形 }}", 5.4, LEFT),
    ("依據", "{{ 項.依據 }}", 3.9, CENTER),
]
SETTLED = [
    ("科目", "{{ 列.科目 }}", 2.2, CENTER),
    ("核定\n計畫金額", "{{ 列.計畫金額 }}", 2.8, RIGHT),
    ("核定金額", "{{ 列.核定金額 }}", 2.8, RIGHT),
    ("實支金額", "{{ 列.實支金額 }}", 2.8, RIGHT),
    ("結餘", "{{ 列.結餘 }}", 2.6, RIGHT),
    ("繳回金額", "{{ 列.繳回金額 }}", 2.6, RIGHT),
]
PAID = [("科目", "{{ 列.科目 }}", 5.0, CENTER), ("核撥金額", "{{ 列.金額 }}", 5.0, RIGHT)]


def county_award() -> Draft:
    """核定函 to a county (肆.七(一))."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "核定補助{{ 貴稱 }}所屬學校辦理「{{ 計畫名稱 }}」計{{ 校數 }}校{{ 班級數 }}班，補助經費新臺幣{{ 補助總額 }}，"
        "請於{{ 領款期限 }}前函送領款文件至本部辦理撥款，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案肆.七(一)辦理。",
        "二、獲核定學校、班級數及經費如附件「經費核定表」。本案採部分補助，中央補助比率為{{ 補助比率 }}%，"
        "{{ 貴稱 }}應相對自籌新臺幣{{ 自籌總額 }}，由{{ 貴稱 }}依權責分配（柒.一）。",
        "三、請於{{ 領款期限 }}前以紙本函送下列文件各1份至本部辦理領款（肆.七(一)2）：",
        "（一）領款收據。",
        "（二）縣市經費申請表（須核章）。",
        "（三）計畫經費說明表。",
        "（四）計畫資料光碟1張：縣市計畫書（含輔導學者專家名單），及各校修正後教學實施計畫書、"
        "合作備忘錄與輔導學者專家合作意向書（後二者須含簽名）。",
        "（五）計畫網站資料填寫與上傳完成證明。",
        "四、請督導獲核定學校依限完成肆.七(二)所列事項。",
    )
    draft.waivers("五")
    draft.foot()
    draft.annex("{{ 計畫名稱 }}經費核定表（{{ 縣市 }}）", "單位：新臺幣元")
    draft.table(FUNDED, "校 in 學校")
    sums = (
        "{{ 班級數 }}",
        "{{ 經常門小計 }}",
        "{{ 資本門小計 }}",
        "{{ 教練學校小計 }}",
        "{{ 補助小計 }}",
        "{{ 自籌小計 }}",
    )
    draft.row(["學校小計", *sums], span=5)
    none = ["－"] * 4
    draft.rows(
        "項 in 縣市項目", ["{{ 項.項目 }}（{{ 項.依據 }}）", *none, "{{ 項.金額 }}", "{{ 項.自籌 }}"], span=5
    )
    draft.row(["總計", "{{ 班級數 }}", *none[1:], "{{ 補助總額數字 }}", "{{ 自籌總額數字 }}"], span=5)
    return draft


def school_award() -> Draft:
    """核定函 to a national school (肆.七(三))."""
    draft = Draft()
    draft.head("", "")
    draft.subject(
        "核定補助{{ 貴稱 }}辦理「{{ 計畫名稱 }}」計{{ 班級數 }}班，補助經費新臺幣{{ 補助總額 }}，"
        "請於{{ 領款期限 }}前函送領款文件至本部辦理撥款，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案肆.七(三)辦理。",
        "二、核定班級數及經費如下表（單位：新臺幣元）。本案採部分補助，補助比率為{{ 補助比率 }}%，"
        "{{ 貴稱 }}應自籌新臺幣{{ 自籌總額 }}（柒.一）。",
    )
    draft.table(OWN, "校 in 學校")
    for item in (
        "三、請於{{ 領款期限 }}前以紙本函送下列文件各1份至本部辦理領款（肆.七(三)）：",
        "（一）領款收據。",
        "（二）經費申請表。",
        "（三）計畫資料光碟1張：修正後教學實施計畫書、合作備忘錄與輔導學者專家合作意向書（後二者須含簽名）。",
        "（四）計畫網站期初資料填寫與上傳完成證明。",
    ):
        deep = item.startswith("（")
        draft.line(item, left=32 if deep else 16, hanging=48 if deep else 32, before=0 if deep else 8)
    draft.waivers("四")
    draft.foot()
    return draft


def workshop_award() -> Draft:
    """核定函 to a county that holds a workshop and has no funded school (陸.三)."""
    draft = Draft()
    draft.head("", "")
    draft.subject(
        "核定補助{{ 貴稱 }}辦理「{{ 計畫名稱 }}」之「校長科技領導暨教師增能工作坊」經費新臺幣{{ 補助總額 }}，"
        "請於{{ 領款期限 }}前函送領款文件至本部辦理撥款，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案陸.三辦理。",
        "二、旨揭經費全數為經常門。",
        "三、請於{{ 領款期限 }}前以紙本函送下列文件各1份至本部辦理領款（肆.七(一)2）：",
        "（一）領款收據。",
        "（二）縣市經費申請表（須核章）。",
        "（三）計畫經費說明表。",
    )
    draft.foot()
    return draft


def county_refusal() -> Draft:
    """未獲補助函 to a county."""
    draft = Draft()
    draft.head("普通件", "如說明二")
    draft.subject(
        "檢送{{ 貴稱 }}所屬學校申請「{{ 計畫名稱 }}」未獲補助及備取學校名單（計{{ 校數 }}校），{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案肆.五及肆.七辦理。",
        "二、各校審查結果、理由及依據之條次如附件。",
        "三、列為備取之學校，於獲補助學校放棄或核減班級數時依序遞補，屆時另函通知。",
    )
    draft.waivers("四")
    draft.foot()
    draft.annex("{{ 計畫名稱 }}未獲補助及備取學校名單", "依據：實施方案條次")
    draft.table(REFUSED, "校 in 學校")
    return draft


def school_refusal() -> Draft:
    """未獲補助函 to a national school."""
    draft = Draft()
    draft.head("普通件", "")
    draft.subject("有關{{ 貴稱 }}申請「{{ 計畫名稱 }}」之審查結果，復如說明，{{ 期望語 }}。")
    draft.reasons(
        "一、依據旨揭計畫實施方案肆.五及肆.七(三)辦理。",
        "{%p for 校 in 學校 %}",
        "二、審查結果：{{ 校.結果 }}。",
        "三、理由：{{ 校.理由 }}（實施方案{{ 校.依據 }}）。",
        "{%p endfor %}",
        "四、列為備取者，於獲補助學校放棄或核減班級數時依序遞補，屆時另函通知。",
    )
    draft.waivers("五")
    draft.foot()
    return draft


def correction() -> Draft:
    """補正通知 to a county or a national school (肆.四(四)4)."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "{{ 貴稱 }}所送「{{ 計畫名稱 }}」申請資料經檢核有應補正或不符規定事項計{{ 件數 }}件，"
        "請於{{ 補正期限 }}前更正後重新上傳計畫網站，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案肆.四(四)4辦理。申請資料以期限內最後上傳之版本為準，逾期、格式不符或資料不全者視同放棄，不得補件或抽換。",
        "二、各事項之位置、讀到之內容及處理方式如附件「應補正事項表」；隨文檢送之「檢核結果」並逐格標示。",
        "三、附件「性質」為「補正」者，請更正；為「退件」者，屬不符規定，請依「請如何處理」欄辦理。",
    )
    draft.foot()
    draft.annex("{{ 計畫名稱 }}應補正事項表（{{ 受文者 }}）", "補正期限：{{ 補正期限 }}")
    draft.table(FAULTS, "項 in 應補正事項")
    return draft


def receipts() -> Draft:
    """領款收據, a page for each account (肆.七(一)2(1))."""
    draft = Draft()
    draft.line("{%p for 據 in 收據 %}")
    draft.line("領　款　收　據", AGENCY, CENTER, before=12, after=24)
    draft.new_page()
    draft.line("茲收到", after=6)
    draft.line("{{ 機關全銜 }}補助辦理「{{ 計畫名稱 }}」", left=32, after=6)
    draft.line("{{ 據.用途 }}", left=32, after=6)
    draft.line("新臺幣{{ 據.國字金額 }}（NT${{ 據.數字金額 }}）", left=32, after=6)
    draft.line("科目：{{ 據.科目 }}", left=32, after=6)
    draft.line("此據", after=6)
    draft.line("此致", left=32)
    draft.line("{{ 機關全銜 }}", after=18)
    for words in (
        "具領單位：{{ 受文者 }}　　　　　　　　（印信）",
        "統一編號：",
        "地址：",
        "經手人：　　　　　　　　　　出納：",
        "主（會）計：　　　　　　　　機關首長：",
    ):
        draft.line(words, after=14)
    draft.line("匯款資料", DATA, before=6, after=3)
    for words in ("解款行（庫）局：　　　　　　　　　　　分行（支庫）：", "戶名：", "帳號："):
        draft.line(words, DATA, left=24, after=6)
    draft.line("中華民國　　　　年　　　　月　　　　日", BODY, CENTER, before=24)
    draft.line("{%p endfor %}")
    return draft


def request() -> Draft:
    """經費申請表 (肆.七(一)2(2), 肆.七(三)2)."""
    draft = Draft()
    draft.landscape()
    draft.line("{{ 機關全銜 }}補助計畫　{{ 表名 }}", AGENCY, CENTER, after=6)
    for words in (
        "申請單位：{{ 受文者 }}　　　計畫名稱：{{ 計畫名稱 }}　　　計畫期程：{{ 計畫期程 }}",
        "計畫經費總額：{{ 計畫總額 }}元，向本部申請補助金額：{{ 補助總額 }}元，自籌款：{{ 自籌總額 }}元",
    ):
        draft.line(words, DATA, after=2)
    draft.line("單位：新臺幣元", DATA, RIGHT, after=3)
    draft.table(REQUEST, "項 in 項目")
    draft.grouped_head([("經費項目", 1), ("計畫經費明細", 4), ("本部核定情形", 2)])
    for _ in range(BLANK_ROWS):
        draft.row(["", "", "", "", "", "", ""], height=0.7)
    draft.row(["合計", "", "", "{{ 計畫總額 }}", "", "{{ 計畫總額 }}", "{{ 補助總額 }}"])
    draft.line(
        "填表說明：學校補助之明細依各校經費申請表；其餘項目請於空白列編列，合計須與核定金額相符，並以實施方案柒.五所列為限。",
        DATA, before=4, after=12,
    )  # fmt: skip
    draft.line("{{ 核章欄 }}", DATA)
    return draft


def supply() -> Draft:
    """請款補件通知 (肆.七)."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "{{ 對象 }}辦理「{{ 計畫名稱 }}」請款文件計有{{ 件數 }}件尚未送達或未完備，請於文到{{ 補件日數 }}日內補送本部，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案{{ 條次 }}辦理；請款文件之期限為{{ 請款期限 }}。",
        "二、應補送之文件及情形如附件。「未核章」「未簽名」者請補正後重新函送；「待修正」者請依隨文檢送之「待修正」檔案更正。",
        "三、文件齊備後即辦理撥款；未依限辦理之情形，列入下年度經費補助參考（實施方案玖.三）。",
    )
    draft.foot()
    draft.annex("{{ 計畫名稱 }}請款應補文件表（{{ 受文者 }}）", "依據：實施方案條次")
    draft.table(GAPS, "項 in 缺件")
    return draft


def reminder() -> Draft:
    """催繳通知 (伍.二(四))."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "{{ 對象 }}辦理「{{ 計畫名稱 }}」，截至{{ 基準日 }}計有{{ 件數 }}件應辦事項逾期未辦理或未繳交，請於文到{{ 補正日數 }}日內補辦，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案伍.二(四)及附件1計畫時程表辦理。",
        "二、逾期事項如附件；已辦理者，請補填執行紀錄簿後送本部。",
        "三、未於{{ 資料繳交期限 }}前繳齊資料之學校，不得申請{{ 不得申請年度 }}年計畫；遲交及未執行者，列入下年度經費補助參考（實施方案玖）。",
    )
    draft.foot()
    draft.annex("{{ 計畫名稱 }}逾期事項表（{{ 受文者 }}）", "依據：實施方案條次；期限為民國年.月.日")
    draft.table(OVERDUE, "項 in 逾期")
    return draft


def transfer() -> Draft:
    """撥款函 (肆.七)."""
    draft = Draft()
    draft.head("普通件", "")
    draft.subject("核撥{{ 對象 }}辦理「{{ 計畫名稱 }}」補助經費新臺幣{{ 撥款總額 }}，{{ 期望語 }}。")
    draft.reasons(
        "一、依據旨揭計畫實施方案{{ 條次 }}及{{ 貴稱 }}所送請款文件辦理。",
        "二、核撥金額如下表（單位：新臺幣元）：",
    )
    draft.table(PAID, "列 in 撥款")
    for item in (
        "三、請依核定之經常門、資本門及計畫項目專款專用，並依實施方案柒.九於期限內辦理結報。",
        "四、{{ 續辦事項 }}。",
    ):
        draft.line(item, left=16, hanging=32, before=8)
    draft.foot()
    return draft


def closing_reminder() -> Draft:
    """結案催送函 (柒.九)."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "請{{ 對象 }}於{{ 結案期限 }}前完成「{{ 計畫名稱 }}」結案作業，並填送經費收支結算表，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案柒.九辦理；尚有未結事項{{ 未結件數 }}項，如附件。",
        "二、檢附預填之經費收支結算表，請填實支金額、繳回金額與日期；有退出之班級或學校者，請敘明原因。",
        "三、各校應繳資料之期限為{{ 資料繳交期限 }}，逾期未繳齊之學校不得申請{{ 不得申請年度 }}年計畫（實施方案玖.二）。",
        "四、未依限結案之情形，列入下年度經費補助參考（實施方案玖.三）。",
    )
    draft.foot()
    draft.annex("{{ 計畫名稱 }}結案未結事項表（{{ 受文者 }}）", "依據：實施方案條次")
    draft.table(OPEN, "項 in 未結事項")
    return draft


def wanting() -> Draft:
    """結案補件通知 (柒.九(一))."""
    draft = Draft()
    draft.head("", "如說明二")
    draft.subject(
        "{{ 對象 }}辦理「{{ 計畫名稱 }}」結案尚有{{ 件數 }}項未完成，請於文到{{ 補件日數 }}日內補送本部，{{ 期望語 }}。"
    )
    draft.reasons(
        "一、依據旨揭計畫實施方案柒.九(一)辦理；結案期限為{{ 結案期限 }}。",
        "二、未結事項如附件。結算表「待修正」者，請依隨文檢送之「待修正」所示，於重新帶入之結算表更正後重送。",
        "三、未依限結案之情形，列入下年度經費補助參考（實施方案玖.三）。",
    )
    draft.foot()
    draft.annex("{{ 計畫名稱 }}結案未結事項表（{{ 受文者 }}）", "依據：實施方案條次")
    draft.table(OPEN, "項 in 未結事項")
    return draft


def closed() -> Draft:
    """結案函 (柒.九)."""
    draft = Draft()
    draft.head("普通件", "")
    draft.subject("{{ 對象 }}辦理「{{ 計畫名稱 }}」，業於{{ 結案日期 }}結案，同意備查，{{ 期望語 }}。")
    draft.reasons(
        "一、依據旨揭計畫實施方案柒.九及{{ 貴稱 }}所送經費收支結算表辦理。",
        "二、補助經費新臺幣{{ 補助總額 }}，繳回新臺幣{{ 繳回總額 }}，結算情形如下表（單位：新臺幣元）：",
    )
    draft.table(SETTLED, "列 in 結算")
    draft.line("三、請依規定妥善保存原始憑證備查。", left=16, hanging=32, before=8)
    draft.foot()
    return draft


DRAFTS = {
    "核定函_縣市": county_award,
    "核定函_國立學校": school_award,
    "核定函_工作坊": workshop_award,
    "未獲補助函": county_refusal,
    "未獲補助函_國立學校": school_refusal,
    "補正通知": correction,
    "領款收據": receipts,
    "經費申請表": request,
    "請款補件通知": supply,
    "撥款函": transfer,
    "催繳通知": reminder,
    "結案催送函": closing_reminder,
    "結案補件通知": wanting,
    "結案函": closed,
}


def main(out: Path) -> None:
    """Write every template into `out`."""
    if out.resolve() == Path(__file__).parent.resolve():
        sys.exit("請指定另一個資料夾；本資料夾之範本可能已於 Word 編修，不予覆蓋。")
    out.mkdir(parents=True, exist_ok=True)
    for name, make in DRAFTS.items():
        make().save(out / f"{name}.docx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
