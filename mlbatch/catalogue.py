"""Every kind of finding once (檢核發現目錄): id, severity, words, clause.

The id begins with the rulebook's id of its rule: F a form's own declaration, I intake of files,
S submission, E eligibility, C classes, R review, B money, P payment, K coach schools, Z closing. `{…}` in a sentence are facts of the finding;
`{read}` is what was read in the cell. Ids are relied upon by users: CHANGELOG names any change.
"""

from __future__ import annotations

from mlbatch.finding import Kind, Severity

REJECT, CORRECT, NOTICE = Severity.REJECT, Severity.CORRECT, Severity.NOTICE
UNDERSTOOD = Severity.UNDERSTOOD

COMPLETE = "肆.四(四)4"  # what is incomplete or in the wrong format


def _kind(kind_id, severity, headline, sentence, remedy, cite) -> Kind:
    return Kind(kind_id, kind_id.partition("-")[0], severity, headline, sentence, remedy, cite)


# Files ------------------------------------------------------------------------------------------

I1_NOT_A_WORKBOOK = _kind(
    "I1-not-a-workbook", REJECT, "檔案不是試算表",
    "檔案無法以試算表開啟（{why}）。", "請以本計畫範本填寫，另存為 xlsx 後重新送件。", COMPLETE,
)  # fmt: skip
I2_UNKNOWN_FORM = _kind(
    "I2-unknown-form", REJECT, "檔案沒有範本戳記",
    "檔案不是由本計畫範本製作，無從得知是哪一份表件。", "請下載範本，將資料貼入後重新送件。", COMPLETE,
)  # fmt: skip
I3_OTHER_YEAR = _kind(
    "I3-other-year", REJECT, "檔案是其他年度之表件",
    "檔案為 {read} 年度之「{form}」，本次辦理 {year} 年度。", "請改用 {year} 年度之範本。", COMPLETE,
)  # fmt: skip
I4_OLD_VERSION = _kind(
    "I4-old-version", REJECT, "範本版本過舊",
    "檔案為「{form}」第 {read} 版，現行為第 {version} 版。", "請下載現行範本，將資料貼入後重新送件。", COMPLETE,
)  # fmt: skip
I5_REFUSED = _kind(
    "I5-refused", REJECT, "檔案含有不收之內容",
    "檔案含有{what}，為安全不予讀取。", "請移除{what}，另存為 xlsx 後重新送件。", COMPLETE,
)  # fmt: skip
I6_FOREIGN = _kind(
    "I6-foreign", NOTICE, "檔案含有填寫內容以外之項目",
    "檔案含有{what}{cells}；儲存格之值照常讀取，{what}不予採用、不予轉送。", "無須處理；如需再送件，請移除{what}。", COMPLETE,
)  # fmt: skip
I7_ERROR_CELL = _kind(
    "I7-error-cell", CORRECT, "儲存格為錯誤值",
    "「{label}」之儲存格為錯誤值「{read}」。", "請改填實際之值，不用公式。", COMPLETE,
)  # fmt: skip
I7_NOT_CALCULATED = _kind(
    "I7-not-calculated", CORRECT, "公式沒有計算結果",
    "「{label}」之儲存格是公式，檔案內沒有計算結果。", "請以試算表軟體開啟並存檔，或改填實際之值。", COMPLETE,
)  # fmt: skip
I7_HIDDEN = _kind(
    "I7-hidden", NOTICE, "隱藏處有資料",
    "隱藏之{what}有資料，照常讀取。", "請取消隱藏並確認內容；不應送件者請刪除。", COMPLETE,
)  # fmt: skip
I7_MERGED = _kind(
    "I7-merged", NOTICE, "資料之儲存格合併",
    "儲存格 {cells} 合併；僅左上一格之值可讀取，其餘視為未填。", "請取消合併，逐格填寫。", COMPLETE,
)  # fmt: skip
I8_REGISTER_LACKS = _kind(
    "I8-register-lacks", REJECT, "清冊缺少必要欄位",
    "檔案似為「{form}」，但缺少欄位{labels}。", "請補上所缺欄位後重新放入收件資料夾。", COMPLETE,
)  # fmt: skip
I9_LIST_LACKS = _kind(
    "I9-list-lacks", NOTICE, "名錄未載部分資料",
    "以統計處名錄為「{form}」，其中沒有「{label}」，有關之核對略過。", "須核對時，請改用本計畫之「{form}」範本。", COMPLETE,
)  # fmt: skip

# A form's own declaration -----------------------------------------------------------------------

F1_BLANK = _kind(
    "F1-blank", CORRECT, "必填欄位未填",
    "「{label}」未填。", "請填入{help}", COMPLETE,
)  # fmt: skip
F2_NOT_WHOLE = _kind(
    "F2-not-whole", CORRECT, "應填整數",
    "「{label}」填「{read}」，不是整數。", "請填整數，不加單位與文字。", COMPLETE,
)  # fmt: skip
F3_NOT_DATE = _kind(
    "F3-not-date", CORRECT, "應填日期",
    "「{label}」填「{read}」，不是日期。", "請填民國日期，例如 {example}。", COMPLETE,
)  # fmt: skip
F4_NOT_A_CHOICE = _kind(
    "F4-not-a-choice", CORRECT, "填寫內容不在選項內",
    "「{label}」填「{read}」，不在選項內。{hint}", "請自下列選項擇一：{choices}。", COMPLETE,
)  # fmt: skip
F5_NOT_A_CODE = _kind(
    "F5-not-a-code", CORRECT, "學校代碼格式不符",
    "「{label}」填「{read}」，不是六碼學校代碼。{hint}", "請填六碼學校代碼，開頭之 0 不可省略。", COMPLETE,
)  # fmt: skip
F6_OUT_OF_RANGE = _kind(
    "F6-out-of-range", CORRECT, "數值超出範圍",
    "「{label}」填 {read}，應在 {low} 至 {high} 之間。", "請改填 {low} 至 {high} 之整數。", COMPLETE,
)  # fmt: skip
F7_TOO_LONG = _kind(
    "F7-too-long", CORRECT, "文字超過字數上限",
    "「{label}」有 {read} 字，上限為 {limit} 字。", "請精簡至 {limit} 字以內。", COMPLETE,
)  # fmt: skip
F8_NO_COLUMN = _kind(
    "F8-no-column", CORRECT, "缺少欄位",
    "工作表「{sheet}」找不到欄位「{label}」。{hint}", "請勿刪改欄位名稱；請以範本重新填寫。", COMPLETE,
)  # fmt: skip
F9_NO_SHEET = _kind(
    "F9-no-sheet", CORRECT, "缺少工作表",
    "檔案沒有工作表「{sheet}」。{hint}", "請以範本重新填寫，勿刪除或更名工作表。", COMPLETE,
)  # fmt: skip
F10_NO_ROWS = _kind(
    "F10-no-rows", CORRECT, "沒有填寫任何一列",
    "工作表「{sheet}」沒有填寫任何資料。", "請至少填寫一列。", COMPLETE,
)  # fmt: skip
F11_NOT_AN_ADDRESS = _kind(
    "F11-not-an-address", CORRECT, "電子郵件格式不符",
    "「{label}」填「{read}」，不是電子郵件地址。", "請填完整之電子郵件地址。", COMPLETE,
)  # fmt: skip
F12_SETTING = _kind(
    "F12-setting", CORRECT, "設定值無法使用",
    "設定「{label}」填「{read}」，應填{wanted}。", "請本部更正辦理設定；更正前依預設辦理。", "肆.五",
)  # fmt: skip

F13_UNDERSTOOD = _kind(
    "F13-understood", UNDERSTOOD, "已認定填寫內容",
    "「{label}」填「{read}」，已認定為「{value}」。", "無須處理；認定有誤時，請改填後重新送件。", COMPLETE,
)  # fmt: skip
F14_TWO_READINGS = _kind(
    "F14-two-readings", CORRECT, "填寫內容有兩種讀法",
    "「{label}」填「{read}」，可讀為{readings}，無法認定。", "請改填不致誤讀之寫法，例如 {example}。", COMPLETE,
)  # fmt: skip
F15_TELEPHONE = _kind(
    "F15-telephone", NOTICE, "電話可能缺少開頭之 0",
    "「{label}」填「{read}」，可能缺少區碼或開頭之 0。", "請確認電話；填區碼與號碼，儲存格設為文字。", COMPLETE,
)  # fmt: skip
F16_TOTAL = _kind(
    "F16-total", NOTICE, "合計與各列之和不符",
    "「{label}」之合計填 {read}，各列之和為 {sum}。", "以各列為準；請查明是否漏列或誤填。", COMPLETE,
)  # fmt: skip
F17_NOT_A_ROW = _kind(
    "F17-not-a-row", UNDERSTOOD, "表尾文字不是資料列",
    "「{read}」已認定為表尾文字，不是一列資料。", "無須處理；如為資料請填入完整之一列。", COMPLETE,
)  # fmt: skip
F18_LOST_CHARACTER = _kind(
    "F18-lost-character", NOTICE, "有無法辨識之字",
    "「{label}」填「{read}」，其中有造字或無法辨識之字。", "請改用標準字；無此字時請註明讀音或拆字。", COMPLETE,
)  # fmt: skip

# Submission -------------------------------------------------------------------------------------

S1_SUPERSEDED = _kind(
    "S1-superseded", NOTICE, "有較新之版本，本檔不採",
    "同一份文件於截止前另有較新之上傳（{newer}）。", "無須處理；以最後上傳之版本為準。", "肆.四(四)4",
)  # fmt: skip
S1_LATE = _kind(
    "S1-late", REJECT, "逾截止時間上傳",
    "上傳時間為 {read}，截止時間為 {closing}。", "逾時之版本不採；僅有逾時版本者視同放棄。", "肆.四(四)4",
)  # fmt: skip
S1_NOT_REGISTERED = _kind(
    "S1-not-registered", NOTICE, "上傳紀錄沒有本檔",
    "上傳紀錄查無本檔，改以檔案修改時間 {read} 認定。", "請承辦人查明上傳時間，補登上傳紀錄。", "肆.四(四)4",
)  # fmt: skip
S2_NO_PLAN = _kind(
    "S2-no-plan", CORRECT, "推薦學校未附計畫書",
    "推薦名單列有「{name}」，但查無該校之教學實施計畫書。", "請於截止前上傳該校之教學實施計畫書。", "肆.四(一)2",
)  # fmt: skip
S2_NOT_LISTED = _kind(
    "S2-not-listed", REJECT, "計畫書之學校未經推薦",
    "「{name}」有計畫書，但不在所屬縣市之推薦名單內。", "請縣市確認；截止前可補列推薦名單。", "肆.四(一)2",
)  # fmt: skip
S2_ALREADY_LISTED = _kind(
    "S2-already-listed", NOTICE, "再次提報已推薦之學校",
    "「{name}」（{read}）已列於首次推薦名單，再次提報不更換已送之資料。", "無須處理；以首次送件為準。", "肆.五",
)  # fmt: skip
S3_NATIONAL_LISTED = _kind(
    "S3-national-listed", NOTICE, "國立學校不由縣市推薦",
    "「{name}」為國立學校，不列入縣市之推薦名單。", "請自推薦名單刪除；該校應自行提送計畫書。", "肆.四(三)",
)  # fmt: skip
S5_LETTER_MISSING = _kind(
    "S5-letter-missing", NOTICE, "未收到申請公文",
    "公文收文紀錄查無「{sender}」之申請公文。", "請於 {due} 前函送推薦學校名單。", "肆.四(四)5",
)  # fmt: skip
S5_LETTER_LATE = _kind(
    "S5-letter-late", NOTICE, "申請公文逾時送達",
    "「{sender}」之公文於 {read} 收文，期限為 {due}。", "列入行政配合情形參考。", "肆.四(四)5",
)  # fmt: skip
S5_LETTER_DIFFERS = _kind(
    "S5-letter-differs", NOTICE, "公文名單與上傳名單不符",
    "「{sender}」公文所附名單與上傳名單不同：{difference}。", "請於 {due} 前函復更正。", "肆.四(四)5",
)  # fmt: skip
S5_INELIGIBLE_LISTED = _kind(
    "S5-ineligible-listed", NOTICE, "推薦名單含不具資格之學校",
    "「{sender}」推薦之「{name}」不具申請資格。", "列入縣市行政配合情形參考。", "肆.四(四)5",
)  # fmt: skip
S5_NOT_CORRECTED = _kind(
    "S5-not-corrected", REJECT, "公文未於指定期限補正",
    "「{sender}」之公文未於 {due} 前補正。", "依計畫規定視同放棄。", "肆.四(四)5",
)  # fmt: skip
S6_RANK_GAP = _kind(
    "S6-rank-gap", CORRECT, "推薦序不連續",
    "推薦序填 {read}，名單共 {count} 校，缺少第 {missing} 序。", "請將推薦序編為 1 至 {count}，不跳號。", "肆.四(一)2",
)  # fmt: skip
S6_RANK_TIE = _kind(
    "S6-rank-tie", CORRECT, "推薦序重複",
    "推薦序 {read} 有兩校以上使用（另見第 {other} 列）。", "請使每校之推薦序各不相同。", "肆.四(一)2",
)  # fmt: skip
S6_LISTED_TWICE = _kind(
    "S6-listed-twice", CORRECT, "同一學校重複推薦",
    "「{name}」（{read}）在名單出現兩次（另見第 {other} 列）。", "請刪除重複之一列。", "肆.四(一)2",
)  # fmt: skip
S6_TWO_COUNTIES = _kind(
    "S6-two-counties", CORRECT, "學校列於兩縣市之名單",
    "「{name}」（{read}）同時列於「{other}」之名單。", "請相關縣市確認所屬，僅由所屬縣市推薦。", "肆.四(一)2",
)  # fmt: skip

# Eligibility ------------------------------------------------------------------------------------

E1_NOT_A_LEVEL = _kind(
    "E1-not-a-level", REJECT, "非國民中小學",
    "「{name}」在學校名錄之學制為「{read}」，非實施對象。", "本計畫以國民中小學為限。", "肆.一",
)  # fmt: skip
E1_GRADE = _kind(
    "E1-grade", CORRECT, "實施年級不符",
    "實施班級之年級填 {read}，{level}應為 {allowed} 年級。", "請改列 {allowed} 年級之班級。", "肆.一",
)  # fmt: skip
E2_INCOMPLETE = _kind(
    "E2-incomplete", REJECT, "曾未完成計畫資料繳交",
    "「{name}」列於 {read} 年度未完成資料繳交學校。", "不具申請資格，請縣市改推薦其他學校。", "肆.一",
)  # fmt: skip
E3_NO_DEVICES = _kind(
    "E3-no-devices", CORRECT, "未填可用之行動載具",
    "「{name}」之行動載具數量合計為 {read}。", "請填載具種類、數量（1 以上）與來源。", "肆.二(一)",
)  # fmt: skip
E3_NO_NETWORK = _kind(
    "E3-no-network", CORRECT, "未具備無線網路",
    "「{name}」之無線網路涵蓋填「{read}」。", "請確認實施班級有無線網路，並填明範圍與來源。", "肆.二(一)",
)  # fmt: skip
E4_SEMESTER = _kind(
    "E4-semester", CORRECT, "未列該學期之實施班級",
    "「{name}」沒有列出 {semester} 之實施班級。", "兩學期都要實施，請補列該學期之班級。", "肆.二(二)",
)  # fmt: skip
E4_COUNT = _kind(
    "E4-count", CORRECT, "實施班級數與申請班級數不同",
    "{semester} 列 {read} 班，申請班級數為 {requested} 班。", "請使兩學期之實施班級數皆等於申請班級數。", "肆.二(二)",
)  # fmt: skip
E5_DEEPENING = _kind(
    "E5-deepening", REJECT, "已獲選深耕計畫",
    "「{name}」獲選 {year} 年中小學數位學習深耕計畫。", "由該計畫優先補助，本計畫不重複補助。", "肆.四(四)2",
)  # fmt: skip
E6_FALSE = _kind(
    "E6-false", REJECT, "申請資料填寫不實",
    "「{name}」經查填寫不實：{why}。", "取消申請資格；已撥付者須全數繳回。", "肆.四(四)6",
)  # fmt: skip
E7_UNKNOWN = _kind(
    "E7-unknown", CORRECT, "學校名錄查無此代碼",
    "學校名錄查無代碼「{read}」（{level}）。{hint}", "請查學校名錄，填正確之代碼與學制。", "肆.一",
)  # fmt: skip
E7_LOST_ZERO = _kind(
    "E7-lost-zero", UNDERSTOOD, "學校代碼開頭之 0 遺失",
    "學校代碼填「{read}」，已認定為「{code}」。", "請將儲存格設為文字，填六碼代碼。", "肆.一",
)  # fmt: skip
E7_NAME = _kind(
    "E7-name", CORRECT, "校名與學校名錄不符",
    "代碼 {code} 之校名填「{read}」，名錄為「{name}」。", "請確認代碼與校名，改填名錄所載之校名。", "肆.一",
)  # fmt: skip
E7_SAME_NAME = _kind(
    "E7-same-name", UNDERSTOOD, "校名寫法不同，已認定為同一校",
    "校名填「{read}」，已認定為名錄所載之「{name}」。", "無須處理；認定有誤時，請改填後重新送件。", "肆.一",
)  # fmt: skip
E7_COUNTY = _kind(
    "E7-county", CORRECT, "學校不屬該縣市",
    "「{name}」填列於「{read}」，名錄所屬為「{county}」。", "請由所屬縣市推薦。", "肆.四(二)",
)  # fmt: skip
E7_TOO_MANY = _kind(
    "E7-too-many", NOTICE, "申請班級數多於現有班級",
    "「{name}」申請 {read} 班，名錄所載適用年級僅 {have} 班。", "以現有班級數計；如名錄有誤請函復說明。", "肆.一",
)  # fmt: skip

# Classes ----------------------------------------------------------------------------------------

C1_OVER_CAP = _kind(
    "C1-over-cap", NOTICE, "申請班級數逾學制上限",
    "「{name}」申請 {read} 班，{level}至多 {cap} 班，以 {cap} 班計。", "無須補正；將依上限核計。", "肆.六(一)",
)  # fmt: skip
C1_DIFFERS = _kind(
    "C1-differs", NOTICE, "名單與計畫書之班級數不同",
    "推薦名單填 {listed} 班，計畫書填 {read} 班。", "以學校計畫書所填為準。", "肆.四(四)3",
)  # fmt: skip
C2_OVER_CAP = _kind(
    "C2-over-cap", NOTICE, "新申請學校逾班級數上限",
    "「{name}」為新申請{where}學校，申請 {read} 班，以 {cap} 班計。", "無須補正；將依上限核計。", "肆.六(二)",
)  # fmt: skip
C2_NOT_AS_CLAIMED = _kind(
    "C2-not-as-claimed", NOTICE, "新申請欄與補助紀錄不符",
    "「{name}」之新申請填「{read}」，依 {year} 年補助學校應為「{should}」。", "以補助紀錄為準，無須補正。", "肆.六(二)",
)  # fmt: skip
C3_NOT_AS_CLAIMED = _kind(
    "C3-not-as-claimed", NOTICE, "偏遠欄與偏遠名錄不符",
    "「{name}」之偏遠填「{read}」，依偏遠名錄應為「{should}」。", "以公告日之名錄為準，無須補正。", "肆.四(四)3",
)  # fmt: skip
C4_REDUCED = _kind(
    "C4-reduced", NOTICE, "配合度不佳酌減班級數",
    "「{name}」配合度為{read}等，減 {by} 班，核計 {allowed} 班。", "無須補正；屬本部裁量事項。", "肆.六(三)",
)  # fmt: skip

# Review -----------------------------------------------------------------------------------------

R2_UNKNOWN_REVIEWER = _kind(
    "R2-unknown-reviewer", REJECT, "委員代號不在審查委員清冊",
    "評分表之委員代號「{read}」不在審查委員清冊，整份評分不採。", "請查明委員代號，或登錄於審查委員清冊。", "肆.五(一)",
)  # fmt: skip
R2_REVIEWER_TWICE = _kind(
    "R2-reviewer-twice", CORRECT, "委員代號重複",
    "審查委員清冊之委員代號「{read}」使用於兩列以上。", "請使每位委員之代號各不相同。", "肆.五(一)",
)  # fmt: skip
R2_TOO_FEW_REVIEWERS = _kind(
    "R2-too-few-reviewers", NOTICE, "可審查之委員不足",
    "「{name}」須 {wanted} 位委員，迴避後僅有 {read} 位可派。", "請增聘委員，登錄於審查委員清冊。", "肆.五(一)",
)  # fmt: skip
R2_CONFLICT = _kind(
    "R2-conflict", REJECT, "委員應迴避而評分",
    "委員 {reviewer} 與「{name}」同校或同縣市，評分不採。", "請由批次另派委員評分。", "肆.五(一)",
)  # fmt: skip
R2_RECUSED = _kind(
    "R2-recused", NOTICE, "委員自請迴避",
    "委員 {reviewer} 對「{name}」自請迴避。", "批次將另派委員評分。", "肆.五(一)",
)  # fmt: skip
R2_NOT_ASSIGNED = _kind(
    "R2-not-assigned", NOTICE, "評分之學校未分派予該委員",
    "委員 {reviewer} 之評分表列有未分派之「{name}」。", "該評分不採；請查明評分表是否誤植。", "肆.五(一)",
)  # fmt: skip
R2_TOTAL = _kind(
    "R2-total", CORRECT, "總分與各項合計不符",
    "「{name}」總分填 {read}，各項合計為 {sum}。", "請委員更正；更正前該評分不採。", "肆.五(一)",
)  # fmt: skip
R2_INCOMPLETE = _kind(
    "R2-incomplete", CORRECT, "評分未填完整",
    "委員 {reviewer} 對「{name}」之評分缺「{read}」。", "請委員補填；缺分不以零分計。", "肆.五(一)",
)  # fmt: skip
R2_TWO_SCORES = _kind(
    "R2-two-scores", CORRECT, "同一委員有兩個不同評分",
    "委員 {reviewer} 對「{name}」之評分 {read} 與 {other} 不同。", "請委員確認，僅留一份評分表。", "肆.五(一)",
)  # fmt: skip
R2_GAP = _kind(
    "R2-gap", NOTICE, "委員評分差距過大",
    "「{name}」之委員總分為 {read}，差距逾 {gap} 分。", "加請一位委員評分後再行排序。", "肆.五(一)",
)  # fmt: skip
R5_NO_RECORD = _kind(
    "R5-no-record", NOTICE, "縣市沒有配合情形紀錄",
    "縣市結案紀錄查無「{read}」之三項分數，縣市配合以各縣市中位數 {median} 計。", "請承辦人補登該縣市之分數後重新執行。", "肆.五(四)",
)  # fmt: skip
R6_TIE = _kind(
    "R6-tie", NOTICE, "總分相同",
    "「{name}」與 {others} 總分同為 {read}，依「{by}」定序。", "請審查會議確認同分排序。", "肆.五",
)  # fmt: skip
R8_UNKNOWN_SCHOOL = _kind(
    "R8-unknown-school", REJECT, "裁示之學校不在排序內",
    "核定清冊列有未經排序之「{read}」。", "請查明代碼；該列裁示不採，維持建議。", "肆.五",
)  # fmt: skip
R8_TWO_DECISIONS = _kind(
    "R8-two-decisions", REJECT, "同一學校有兩個不同裁示",
    "「{name}」核定填 {read} 班，與第 {other} 列不同。", "請僅留一列裁示；更正前維持建議班級數。", "肆.五",
)  # fmt: skip
R8_NO_REASON = _kind(
    "R8-no-reason", REJECT, "裁示與建議不同而未敘明理由",
    "「{name}」核定 {read} 班，建議為 {proposed} 班，未填裁示理由。", "請填裁示理由；補填前維持建議班級數。", "肆.五",
)  # fmt: skip
R8_NO_AUTHORITY = _kind(
    "R8-no-authority", NOTICE, "裁示未填依據",
    "「{name}」裁示核定 {read} 班，未填裁示依據。", "裁示照常採用；請補填作成裁示之會議或簽文，以備查核。", "肆.五",
)  # fmt: skip
R8_OVER_CAP = _kind(
    "R8-over-cap", REJECT, "裁示逾班級數上限",
    "「{name}」核定 {read} 班，依規定至多 {cap} 班。", "請改為 {cap} 班以下；更正前維持建議班級數。", "肆.六",
)  # fmt: skip
R8_OVER_BUDGET = _kind(
    "R8-over-budget", REJECT, "裁示逾年度預算",
    "「{name}」核定 {read} 班將使總額達 {total} 元，預算為 {budget} 元。", "請調整他校班級數；更正前維持建議班級數。", "柒.三",
)  # fmt: skip

# Waivers ----------------------------------------------------------------------------------------

W1_NO_EFFECT = _kind(
    "W1-no-effect", NOTICE, "豁免未套用",
    "「{read}」之豁免未套用：{why}。", "請核對規則、學校代碼與學制；無須豁免者請刪除本列。", COMPLETE,
)  # fmt: skip
W1_NOT_YET = _kind(
    "W1-not-yet", NOTICE, "豁免尚未生效",
    "豁免日期 {read} 晚於基準日 {as_of}，本列未套用。", "請核對日期；屆期重新執行即套用。", COMPLETE,
)  # fmt: skip

# After the award ----------------------------------------------------------------------------------

W2_NOT_FUNDED = _kind(
    "W2-not-funded", NOTICE, "異動學校未獲核定",
    "核定後異動列有「{name}」（{read}），該校未獲核定，本列未套用。", "請核對學校代碼與學制。", "柒.九(三)",
)  # fmt: skip
W2_NOT_YET = _kind(
    "W2-not-yet", NOTICE, "異動尚未生效",
    "「{name}」之異動日期 {read} 晚於基準日 {as_of}，本列未套用。", "請核對日期；屆期重新執行即套用。", "柒.九(三)",
)  # fmt: skip
W2_TOO_LATE = _kind(
    "W2-too-late", NOTICE, "遞補截止後之異動",
    "「{name}」之異動日期 {read} 晚於遞補截止日 {until}，不再遞補。", "無須處理；應繳回之經費於結案時核計。", "柒.九(三)",
)  # fmt: skip
W2_TWICE = _kind(
    "W2-twice", NOTICE, "同一學校有兩列異動",
    "「{name}」（{read}）有兩列異動，以日期在前者為準。", "請將同一學校之異動併為一列。", "柒.九(三)",
)  # fmt: skip
W2_CLASSES = _kind(
    "W2-classes", CORRECT, "減班之班級數無法套用",
    "「{name}」減班填「{read}」班，核定為 {awarded} 班。", "請填 1 班以上、少於核定之班級數；全數退出者事由填「放棄補助」。", "柒.九(三)",
)  # fmt: skip

# Budget forms -----------------------------------------------------------------------------------

G1_ITEM = _kind(
    "G1-item", CORRECT, "不得編列之項目",
    "「{name}」編列「{read}」，本年度不得編列。", "請改列計畫所列之補助項目。", "柒.五",
)  # fmt: skip
G1_ACCOUNT = _kind(
    "G1-account", CORRECT, "經資門與項目不符",
    "「{name}」之「{item}」應列{should}，填列「{read}」。", "請將經/資門改為{should}。", "柒.五",
)  # fmt: skip
G1_AMOUNT = _kind(
    "G1-amount", CORRECT, "總價不等於單價乘以數量",
    "「{name}」之「{item}」總價填 {read}，單價乘以數量為 {should}。", "請更正單價、數量或總價。", "柒.五",
)  # fmt: skip
G1_TOTAL = _kind(
    "G1-total", CORRECT, "補助合計與核定不同",
    "「{name}」{account}之補助合計為 {read} 元，核定為 {wanted} 元。", "請調整各列，使{account}之補助合計等於核定數。", "柒.四",
)  # fmt: skip
G1_HEAD = _kind(
    "G1-head", CORRECT, "表首所填與本部核定不同",
    "「{name}」之「{label}」填 {read}，本部核定為 {wanted}。", "請改填 {wanted}。", "柒.四",
)  # fmt: skip
G1_SUNDRIES = _kind(
    "G1-sundries", CORRECT, "雜支逾上限",
    "「{name}」之雜支合計 {read} 元，上限為 {most} 元（經常門其他各列之 {percent}%）。", "請調降雜支。", "柒.五",
)  # fmt: skip
G1_CEILING = _kind(
    "G1-ceiling", NOTICE, "單價高於編列基準",
    "「{name}」之「{item}」單價 {read} 元，編列基準為 {most} 元。", "請核對單價；有特別規定者於說明欄敘明。", "柒.四",
)  # fmt: skip
G1_TWO_FORMS = _kind(
    "G1-two-forms", CORRECT, "經費申請表有兩版而先後不明",
    "「{name}」有兩份經費申請表（另見 {other}），上傳紀錄無從認定先後。", "請僅留一份，或補登上傳紀錄。", "柒.四",
)  # fmt: skip
G1_NOT_APPROVED = _kind(
    "G1-not-approved", REJECT, "未獲核定之單位送經費申請表",
    "「{name}」（{read}）未獲核定，其經費申請表不採。", "請查明代碼、學制或縣市。", "柒.四",
)  # fmt: skip
G2_CURRENT = _kind(
    "G2-current", CORRECT, "單價未達資本門而列資本門",
    "「{name}」之「{item}」單價 {read} 元，未達 {line} 元，請列經常門。", "請將經/資門改為經常門；教學資訊設備改列教學資訊物品。", "柒.五",
)  # fmt: skip
G2_CAPITAL = _kind(
    "G2-capital", CORRECT, "單價達資本門而列經常門",
    "「{name}」之「{item}」單價 {read} 元，{line} 元以上，請列資本門。", "請將經/資門改為資本門；教學資訊物品改列教學資訊設備。", "柒.五",
)  # fmt: skip
G3_DEVICES = _kind(
    "G3-devices", CORRECT, "行動載具逾資本門之半",
    "「{name}」之行動載具補助合計 {read} 元，資本門 {capital} 元，至多 {most} 元。", "請調降行動載具（經、資門合併計算），或改以自籌支應。", "柒.六",
)  # fmt: skip
G4_OWN = _kind(
    "G4-own", CORRECT, "自籌經費不足",
    "「{name}」之自籌合計 {read} 元，應自籌 {wanted} 元。", "請增列自籌經費。", "柒.一",
)  # fmt: skip
G5_LACKS = _kind(
    "G5-lacks", NOTICE, "未編列應有之費用",
    "「{name}」未編列{read}（{items}）。", "請確認是否編列；不編列者請於說明敘明。", "柒.八",
)  # fmt: skip
G5_COUNTY_LACKS = _kind(
    "G5-county-lacks", NOTICE, "縣市未編列應有之費用",
    "「{name}」未編列{read}（{items}）。", "請確認是否編列；不編列者請於說明敘明。", "柒.七",
)  # fmt: skip

# Money ------------------------------------------------------------------------------------------

B3_NOT_FUNDED = _kind(
    "B3-not-funded", NOTICE, "教練學校未獲本計畫補助",
    "教練學校清冊列有「{name}」（{read}），該校未獲核定，不補助教練經費。", "請本部查明教練學校清冊。", "附件3.二",
)  # fmt: skip
B8_NO_RECORD = _kind(
    "B8-no-record", NOTICE, "縣市結案紀錄查無該縣市",
    "縣市結案紀錄查無「{read}」，縣市補助未扣減。", "請本部補登該縣市之結案日期後重新執行。", "肆.五",
)  # fmt: skip
B9_OVER_BUDGET = _kind(
    "B9-over-budget", NOTICE, "工作坊補助逾年度預算",
    "工作坊補助合計 {read} 元，預算為 {budget} 元，學校無從核定。", "請本部調整年度預算或工作坊補助。", "陸.三",
)  # fmt: skip

# Payment ----------------------------------------------------------------------------------------

P1_UNKNOWN_PAYEE = _kind(
    "P1-unknown-payee", REJECT, "檢核表之單位不是受款單位",
    "請款文件檢核表之「{read}」不是獲核定之縣市或國立學校，整份不採。", "請改用批次寫出之檢核表。", "肆.七(一)2",
)  # fmt: skip
P1_TWO_LISTS = _kind(
    "P1-two-lists", REJECT, "同一單位有兩份不同之檢核表",
    "「{read}」另有一份內容不同之檢核表（{other}），兩份皆不採。", "請只留一份檢核表，重新執行。", "肆.七(一)2",
)  # fmt: skip
P1_NOT_SENT = _kind(
    "P1-not-sent", CORRECT, "逾期未送請款文件",
    "「{name}」於 {due} 前未送任何請款文件，應送 {count} 件。", "請以紙本函送請款文件，收到後登錄檢核表。", "肆.七(一)2",
)  # fmt: skip
P1_MISSING = _kind(
    "P1-missing", CORRECT, "逾期缺請款文件",
    "「{name}」之「{paper}」於 {due} 前未送達。", "請補送；收到後於檢核表填已收與收件日期。", "肆.七(一)2",
)  # fmt: skip
P1_UNSIGNED = _kind(
    "P1-unsigned", CORRECT, "請款文件未簽名或核章",
    "「{name}」之「{paper}」已收，但未{needs}。", "請補{needs}後重新函送；補正後於檢核表填已簽章。", "肆.七(一)2",
)  # fmt: skip
P1_NOT_RECEIVED = _kind(
    "P1-not-received", CORRECT, "未收之文件填有簽章或日期",
    "「{name}」之「{paper}」填有簽章或收件日期，但「已收」未填「是」。", "請確認是否已收；已收者填「是」。", "肆.七(一)2",
)  # fmt: skip
P1_NO_DATE = _kind(
    "P1-no-date", CORRECT, "已收文件未填收件日期",
    "「{name}」之「{paper}」已收，未填收件日期，無從認定是否逾期。", "請補填收件日期。", "肆.七(一)2",
)  # fmt: skip
P1_FUTURE_DATE = _kind(
    "P1-future-date", NOTICE, "收件日期晚於基準日",
    "「{name}」之「{paper}」收件日期填 {read}，晚於基準日 {as_of}，視為未收。", "請核對日期；屆期重新執行即採計。", "肆.七(一)2",
)  # fmt: skip
P1_LATE = _kind(
    "P1-late", NOTICE, "請款文件逾期送達",
    "「{name}」之「{paper}」等 {count} 件逾期，至 {read} 收件，期限為 {due}。", "照常辦理撥款；列入行政配合情形參考。", "玖.三(四)",
)  # fmt: skip
P1_NOT_DUE = _kind(
    "P1-not-due", NOTICE, "檢核表列有非應備之文件",
    "「{name}」之「{read}」不是應備文件，或該校未獲核定。", "本列不採；請查明後刪除。", "肆.七(一)2",
)  # fmt: skip
P1_DUE_DIFFERS = _kind(
    "P1-due-differs", NOTICE, "應備欄與計畫規定不符",
    "「{name}」之「{paper}」應備填「{read}」，依計畫為應備文件。", "以計畫規定為準；請改填「是」。", "肆.七(一)2",
)  # fmt: skip
P1_TWICE = _kind(
    "P1-twice", CORRECT, "同一文件列了兩次且不同",
    "「{name}」之「{read}」在檢核表列於兩列（另見第 {other} 列），所填不同，視為未收。", "請刪除重複之一列。", "肆.七(一)2",
)  # fmt: skip
P1_PAID_DIFFERS = _kind(
    "P1-paid-differs", NOTICE, "已撥金額與核定金額不符",
    "「{name}」已撥 {read} 元，核定為 {granted} 元。", "請查明差額，辦理補撥或收回。", "肆.七(一)2",
)  # fmt: skip
P3_NOT_APPROVED = _kind(
    "P3-not-approved", REJECT, "未獲核定之學校送修正計畫書",
    "「{name}」（{read}）未獲核定補助，修正後教學實施計畫書不採。", "無須修正計畫書；請查明學校代碼與學制。", "肆.七(二)",
)  # fmt: skip
P3_TWO_PLANS = _kind(
    "P3-two-plans", CORRECT, "修正計畫書有兩版而先後不明",
    "「{name}」之修正計畫書另有一版（{other}），上傳紀錄看不出先後，皆不採。", "請只留最後一版，或補登上傳紀錄。", "肆.七(二)",
)  # fmt: skip
P3_APPROVED = _kind(
    "P3-approved", CORRECT, "所填與本部核定不同",
    "「{label}」填 {read}，本部核定為 {wanted}。", "請改填 {wanted}，並依核定數修正計畫書。", "肆.七(二)",
)  # fmt: skip
P3_CLASSES = _kind(
    "P3-classes", CORRECT, "實施班級數不等於核定班級數",
    "「{name}」{semester}列 {read} 班，本部核定 {wanted} 班。", "請使兩學期之實施班級數皆為 {wanted} 班。", "肆.七(二)",
)  # fmt: skip
P3_BUDGET = _kind(
    "P3-budget", CORRECT, "經費需求不等於核定補助",
    "「{name}」之補助{account}列 {read} 元，本部核定 {wanted} 元。", "請修正經費需求，使補助之和等於核定數。", "肆.七(二)",
)  # fmt: skip
P3_NO_FILE = _kind(
    "P3-no-file", NOTICE, "修正計畫書已收而無檔案",
    "「{name}」之修正後教學實施計畫書已收，但收件資料夾查無該檔，無從核對。", "請將光碟內之檔案放入收件資料夾。", "肆.七(二)",
)  # fmt: skip

# The running year -------------------------------------------------------------------------------

T1_NOT_YET = _kind(
    "T1-not-yet", CORRECT, "日期晚於送件日",
    "「{name}」之「{item}」日期填 {read}，晚於送件日 {known}。", "請填實際辦理之日期。", "附件1",
)  # fmt: skip
T1_SEMESTER = _kind(
    "T1-semester", NOTICE, "日期不在所填之學期",
    "「{name}」之「{item}」學期填「{read}」，日期 {day} 不在該學期。", "以所填之學期計；有誤時請更正學期或日期。", "附件1",
)  # fmt: skip
T1_VANISHED = _kind(
    "T1-vanished", CORRECT, "已送之紀錄消失",
    "「{name}」前次送件（{former}）有「{read}」，本次沒有。", "請補回該筆紀錄；確須刪除時請函復原因。", "附件1",
)  # fmt: skip
T3_NO_CLASS = _kind(
    "T3-no-class", CORRECT, "以班為單位之項目未填班級",
    "「{name}」之「{item}」以班為單位，未填班級。", "請填該學期核定之班級：{classes}。", "附件1",
)  # fmt: skip
T3_UNKNOWN_CLASS = _kind(
    "T3-unknown-class", CORRECT, "班級不是該學期核定之班級",
    "「{name}」之「{item}」班級填「{read}」，不是該學期核定之班級。", "請改填核定之班級：{classes}；已調整班級者請先送異動申請。", "附件1",
)  # fmt: skip
T1_TWO_VERSIONS = _kind(
    "T1-two-versions", CORRECT, "執行紀錄有兩版而先後不明",
    "「{name}」之{document}另有一版（{other}），上傳紀錄看不出先後，皆不採。", "請只留最後一版，或補登上傳紀錄。", "附件1",
)  # fmt: skip
T1_NOT_FUNDED = _kind(
    "T1-not-funded", REJECT, "未獲核定之單位送執行紀錄",
    "「{name}」（{read}）未獲核定，所送{document}不採。", "請查明學校代碼與學制；獲核定者請用本部寄送之表件。", "附件1",
)  # fmt: skip
T1_NO_UPLOAD = _kind(
    "T1-no-upload", NOTICE, "執行紀錄查無上傳時間",
    "「{name}」之{document}查無上傳時間，所載各筆以基準日 {as_of} 為送件日。", "請補登上傳紀錄。", "附件1",
)  # fmt: skip
T6_UNKNOWN_CLASS = _kind(
    "T6-unknown-class", CORRECT, "原班級不是實施中之班級",
    "「{name}」申請異動{semester}之「{read}」，不是實施中之班級，本列不採。", "請改填實施中之班級：{classes}。", "伍.三(一)",
)  # fmt: skip
T6_FEWER = _kind(
    "T6-fewer", CORRECT, "異動後班級數減少",
    "「{name}」申請停止{semester}之「{read}」而無新班級，班級數將減少，本列不採。", "請填接續之新班級；確須減班者請函報本部。", "伍.三(一)",
)  # fmt: skip
T6_TWICE = _kind(
    "T6-twice", CORRECT, "新班級已在實施",
    "「{name}」申請改為「{read}」，該班於{semester}已在實施，班級數將減少，本列不採。", "請改填其他班級；實施中之班級：{classes}。", "伍.三(一)",
)  # fmt: skip
T10_OFFICER = _kind(
    "T10-officer", NOTICE, "承辦人異動",
    "「{name}」之承辦人原為「{known}」，本次為「{read}」。", "請提醒辦理業務交接，並更新聯絡資料。", "玖.一",
)  # fmt: skip
T4_NOT_CONFIRMED = _kind(
    "T4-not-confirmed", CORRECT, "輔導者未經本部確認",
    "「{name}」之輔導者「{read}」不在確認之學者專家名單，該次不計。", "請確認姓名；調整學者專家者請先送本部確認。", "伍.三(七)",
)  # fmt: skip
T4_SAME_DAY = _kind(
    "T4-same-day", NOTICE, "同日輔導以一次計",
    "「{name}」於 {read} 有兩筆輔導紀錄，以一次計。", "無須處理；日期有誤時請更正。", "伍.三(七)",
)  # fmt: skip

T11_NO_SESSION = _kind(
    "T11-no-session", CORRECT, "活動不在活動場次內",
    "「{name}」之活動參與填「{read}」（{day}），不在活動場次內。", "請填場次代號與該場次之日期；同日之場次：{sessions}。", "伍.三(十一)",
)  # fmt: skip
T11_NOT_SIGNED_IN = _kind(
    "T11-not-signed-in", CORRECT, "簽到無此人",
    "「{name}」填「{read}」參加「{event}」（{session}），該場次之簽到沒有此人，不計。", "請確認姓名與場次；確有參加者請主辦單位更正簽到。", "伍.三(十一)",
)  # fmt: skip

# Coach schools ----------------------------------------------------------------------------------

K1_NOT_QUALIFIED = _kind(
    "K1-not-qualified", NOTICE, "不符教練學校資格",
    "「{name}」（{read}）不符教練學校資格：{why}。", "請本部查明資格清冊；確不符者自教練學校清冊刪除。", "附件3.二",
)  # fmt: skip
K2_NOT_A_COACH = _kind(
    "K2-not-a-coach", NOTICE, "配對之學校不是教練學校",
    "教練配對之「{name}」（{read}）不是獲核定之教練學校，本列不採。", "請本部查明代碼、學制或教練學校清冊。", "附件3.四2",
)  # fmt: skip
K2_NOT_NEW = _kind(
    "K2-not-new", NOTICE, "受輔導學校不是獲核定之新手學校",
    "教練配對之受輔導學校「{name}」（{read}）{why}，本列不採。", "請本部改列本年度新申請且獲核定之學校。", "附件3.四2",
)  # fmt: skip
K2_TWO_COACHES = _kind(
    "K2-two-coaches", NOTICE, "新手學校有兩所教練學校",
    "「{name}」（{read}）已由「{other}」輔導，本列不採。", "請本部刪除其中一列。", "附件3.四2",
)  # fmt: skip
K2_TOO_MANY = _kind(
    "K2-too-many", NOTICE, "教練學校輔導校數逾規定",
    "「{name}」已有 {wanted} 所受輔導學校，本列不採。", "請本部將多出之學校改配其他教練學校。", "附件3.四2",
)  # fmt: skip
K2_TOO_FEW = _kind(
    "K2-too-few", NOTICE, "教練學校配對不足",
    "「{name}」配有 {read} 所新手學校，應為 {wanted} 所：{why}。", "請本部協調新手學校，或調整配對。", "附件3.四2",
)  # fmt: skip
K2_SAME_COUNTY = _kind(
    "K2-same-county", NOTICE, "受輔導學校無外縣市學校",
    "「{name}」之受輔導學校都在{read}，外縣市者應至少 {wanted} 所：{why}。", "請本部將其中一所改配其他縣市之新手學校。", "附件3.四2",
)  # fmt: skip
K3_NOT_A_COACH = _kind(
    "K3-not-a-coach", REJECT, "送輔導紀錄者不是教練學校",
    "「{name}」（{read}）不是教練學校，所送輔導紀錄不採。", "無須送件；確為教練學校者請洽本部更正清冊。", "附件3.四",
)  # fmt: skip
K3_NOT_COACHED = _kind(
    "K3-not-coached", CORRECT, "輔導之學校不是配對之學校",
    "「{name}」之輔導紀錄填「{read}」，不是核定之受輔導學校，該筆不計。", "請改填受輔導學校之代碼與學制：{schools}。", "附件3.四2",
)  # fmt: skip
K3_MOSTLY_ONLINE = _kind(
    "K3-mostly-online", NOTICE, "輔導以線上居多",
    "「{name}」輔導「{school}」線上 {read} 次、實地 {onsite} 次。", "請以實地交流為主，線上諮詢為輔。", "附件3.四2",
)  # fmt: skip
K3_FEW_OUTSIDERS = _kind(
    "K3-few-outsiders", NOTICE, "示範觀摩非以行動學習外之學校為主",
    "「{name}」之示範觀摩參加 {schools} 校，其中非行動學習學校 {read} 校，未達半數。", "請廣邀非行動學習學校參加。", "附件3.四1",
)  # fmt: skip
K3_COMPETES = _kind(
    "K3-competes", NOTICE, "教練學校參加優良學校選拔",
    "「{name}」（{read}）為教練學校，列於「{register}」。", "請本部查明；教練學校不參加當年度優良學校選拔。", "附件3.四3",
)  # fmt: skip
K4_LACKS = _kind(
    "K4-lacks", NOTICE, "所輔導學校獲獎而未符輔導績優",
    "「{name}」所輔導之學校獲選優良學校，惟尚缺：{why}。", "請於結案前補齊；未補齊者不頒發獎盃（牌），亦不得續任。", "捌.三",
)  # fmt: skip

# Closing ----------------------------------------------------------------------------------------

Z1_UNKNOWN_PAYEE = _kind(
    "Z1-unknown-payee", REJECT, "結算表之單位不是受款單位",
    "經費收支結算表之「{read}」不是獲核定之縣市或國立學校，整份不採。", "請改用本部寄送之結算表。", "柒.九",
)  # fmt: skip
Z1_TWO_FORMS = _kind(
    "Z1-two-forms", CORRECT, "結算表有兩版而先後不明",
    "「{name}」有兩份經費收支結算表（另見 {other}），上傳紀錄無從認定先後。", "請僅留一份，或補登上傳紀錄。", "柒.九",
)  # fmt: skip
Z1_NOT_SENT = _kind(
    "Z1-not-sent", CORRECT, "逾期未送結算表",
    "「{name}」於 {due} 前未送經費收支結算表。", "請填送結算表、成果報告並繳回結餘款。", "柒.九",
)  # fmt: skip
Z1_LATE = _kind(
    "Z1-late", NOTICE, "結案逾期",
    "「{name}」於 {read} 完成結案，期限為 {due}。", "照常結案；列入下年度經費補助參考。", "玖.三(五)",
)  # fmt: skip
Z1_OPEN = _kind(
    "Z1-open", CORRECT, "逾期尚未結案",
    "「{name}」已送結算表，逾 {due} 尚有 {count} 項未結：{items}。", "請補齊未結事項。", "柒.九(一)",
)  # fmt: skip
Z1_LACKS_ROW = _kind(
    "Z1-lacks-row", CORRECT, "結算表缺列",
    "「{name}」之結算表沒有「{read}」之列，或未填實支金額。", "請依原表補填該列。", "柒.九(一)",
)  # fmt: skip
Z1_NOT_DUE = _kind(
    "Z1-not-due", CORRECT, "結算表列有非受補助之經費",
    "「{name}」之結算表列有「{read}」，查無此項核定補助。", "請查明代碼、學制與經資門；誤列者刪除。", "柒.九(一)",
)  # fmt: skip
Z1_TWICE = _kind(
    "Z1-twice", CORRECT, "同一經費列了兩次",
    "「{name}」之結算表將「{read}」列於兩列。", "請併為一列。", "柒.九(一)",
)  # fmt: skip
Z2_FIGURES = _kind(
    "Z2-figures", CORRECT, "結算表之金額與本部所載不同",
    "「{name}」之{label}填 {read} 元，本部所載為 {wanted} 元。", "請改填 {wanted} 元；有疑義請洽本部。", "柒.九(一)",
)  # fmt: skip
Z2_SPENT = _kind(
    "Z2-spent", NOTICE, "實支逾核定計畫金額",
    "「{name}」實支 {read} 元，核定計畫金額 {planned} 元。", "超出部分自行負擔，無須繳回；填寫有誤時請更正。", "柒.九(一)",
)  # fmt: skip
Z2_REFUND = _kind(
    "Z2-refund", CORRECT, "繳回金額與應繳回金額不同",
    "「{name}」繳回 {read} 元，應繳回 {wanted} 元：{formula}。", "請補繳不足之數；溢繳或計算有疑義請洽本部。", "柒.九(三)",
)  # fmt: skip
Z2_NO_DATE = _kind(
    "Z2-no-date", CORRECT, "已繳回未填繳回日期",
    "「{name}」填有繳回金額，未填繳回日期。", "請補填匯款日期。", "柒.九(一)",
)  # fmt: skip
Z2_FUTURE_DATE = _kind(
    "Z2-future-date", NOTICE, "繳回日期晚於基準日",
    "「{name}」之繳回日期填 {read}，晚於基準日 {as_of}，視為未繳回。", "請核對日期；屆期重新執行即採計。", "柒.九(一)",
)  # fmt: skip
Z2_NO_REASON = _kind(
    "Z2-no-reason", CORRECT, "退出未敘明原因",
    "「{name}」有退出之班級或全校退出，未敘明原因。", "請填原因，並於結案公文敘明。", "柒.九(三)",
)  # fmt: skip
Z2_CLASSES = _kind(
    "Z2-classes", CORRECT, "退出班級數與本部所載不同",
    "「{name}」退出班級數填 {read} 班，本部所載為 {wanted} 班。", "請查明；確有退出而本部未載者，請先函報核定後異動。", "柒.九(三)",
)  # fmt: skip

ALL: tuple[Kind, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
BY_ID = {kind.id: kind for kind in ALL}

# What the ministry can waive (豁免), or let run as a notice (試行): without its consequence the school can
# still be judged, ranked and paid. What never came, or came too late, cannot be waived into being there.
SPARABLE: tuple[Kind, ...] = (
    I7_ERROR_CELL, I7_NOT_CALCULATED,
    F1_BLANK, F2_NOT_WHOLE, F3_NOT_DATE, F4_NOT_A_CHOICE, F6_OUT_OF_RANGE, F7_TOO_LONG, F10_NO_ROWS,
    F11_NOT_AN_ADDRESS, F14_TWO_READINGS,
    S6_RANK_GAP, S6_RANK_TIE,
    E1_GRADE, E2_INCOMPLETE, E3_NO_DEVICES, E3_NO_NETWORK, E4_SEMESTER, E4_COUNT, E5_DEEPENING, E7_NAME,
)  # fmt: skip
