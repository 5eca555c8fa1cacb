"""推薦學校名單: a county's ranked list of the schools that it recommends (肆.四(一)2)."""

from mlbatch import catalogue
from mlbatch.forms import cells
from mlbatch.forms.across import Across, Refs, Seen, flat, flat_text, number
from mlbatch.forms.form import Field, Form, Kind, Sheet
from mlbatch.plan import Plan


def form(plan: Plan) -> Form:
    """The recommendation list of one county."""
    return Form(
        id="recommendation",
        title="推薦學校名單",
        filled_by="縣市政府",
        purpose="縣市政府依公開徵選結果，將推薦學校依序列出並敘明理由，於截止前上傳。",
        cite="肆.四(一)2",
        due="calendar.closing",
        how="上傳國中小行動學習推動計畫網站；並以公文函送名單。",
        checks=(
            Across("listed", "county_rank", catalogue.S6_RANK_TIE, "推薦序重複", _tie, _is_tied),
            Across("listed", "county_rank", catalogue.S6_RANK_GAP, "推薦序大於校數", _gap, _is_beyond),
            Across("listed", "code", catalogue.S6_LISTED_TWICE, "同一學校重複列入", _twice, _is_twice),
        ),
        sheets=(
            Sheet(
                title="推薦學校名單",
                head_table="lists",
                head=_head(plan),
                rows_table="listed",
                rows=_rows(plan),
            ),
        ),
    )


def _head(plan: Plan) -> tuple[Field, ...]:
    return (
        Field(
            "county",
            "縣市",
            Kind.CHOICE,
            "縣市名稱。",
            choices=tuple(plan.counties),
            prefilled=True,
        ),
        Field("officer", "承辦人", help="承辦人姓名。", limit=30),
        Field("telephone", "電話", Kind.PHONE, "承辦人電話，含區碼與分機。", limit=30),
        Field("email", "電子郵件", Kind.EMAIL, "承辦人電子郵件。", limit=80, width=24),
        Field(
            "letter_number",
            "公文文號",
            help="函送本名單之公文文號；尚未發文者可空白。",
            required=False,
            limit=40,
        ),
        Field("letter_date", "公文日期", Kind.DATE, "公文日期；尚未發文者可空白。", required=False),
    )


def _rows(plan: Plan) -> tuple[Field, ...]:
    return (
        Field("county_rank", "推薦序", Kind.WHOLE, "推薦順序，自 1 起不跳號、不重複。", low=1, high=999, width=8),
        Field("code", "學校代碼", Kind.CODE, "六碼學校代碼，開頭之 0 不可省略。", width=10),
        Field("name", "學校名稱", help="學校名錄所載之校名。", limit=60, width=24),
        Field("level", "學制", Kind.CHOICE, "國小或國中。", choices=plan.schools.levels, width=8),
        Field(
            "requested", "申請班級數", Kind.WHOLE,
            f"學校自行提報之班級數：{_caps(plan)}。",
            low=1, high=99, unit="班", width=12, cite=plan.cite("classes.cap"),
        ),
        Field(
            "claimed_new", "新申請", Kind.YES_NO, f"非 {plan.schools.subsidised_year} 年補助學校者填「是」。",
            required=False, prefilled=True, width=8, cite=plan.cite("classes.new_other"),
        ),
        Field(
            "claimed_remote", "偏遠", Kind.YES_NO, "列於偏遠地區學校名錄者填「是」。",
            required=False, prefilled=True, width=8, cite=plan.cite("calendar.call"),
        ),
        Field("reason", "推薦原因", Kind.LONG, "推薦該校之原因。", limit=300, width=48, cite="肆.四(一)2"),
    )  # fmt: skip


def _caps(plan: Plan) -> str:
    return "、".join(f"{level}至多 {cap} 班" for level, cap in plan.classes.cap.items())


# What the list shows of itself (S6) ---------------------------------------------------------------


def _tie(refs: Refs) -> str:
    rank = refs.row["county_rank"]
    return f"AND({rank}+0>0,SUMPRODUCT(--({flat(refs.columns['listed', 'county_rank'])}={flat(rank)}))>1)"


def _is_tied(seen: Seen, index: int) -> bool:
    rank = _rank(seen.row("listed", index))
    return bool(rank) and len(seen.alike("listed", _rank).get(rank, ())) > 1


def _rank(row) -> float | None:
    return number(row.get("county_rank"))


def _gap(refs: Refs) -> str:
    return f"{refs.row['county_rank']}+0>{refs.filled('listed')}"


def _is_beyond(seen: Seen, index: int) -> bool:
    rank = _rank(seen.row("listed", index))
    return rank is not None and rank > len(seen.rows("listed"))


def _twice(refs: Refs) -> str:
    """A code is the same with and without its zero."""
    codes, levels = (refs.columns["listed", name] for name in ("code", "level"))
    code, level = refs.row["code"], refs.row["level"]
    same = f"({_padded(codes)}={_padded(code)})*({flat(levels)}={flat(level)})"
    return f"AND(LEN({flat(code)})>4,SUMPRODUCT({same})>1)"


def _padded(place: str) -> str:
    return f'RIGHT("00000"&{flat(place)},9)'


def _is_twice(seen: Seen, index: int) -> bool:
    own = _school(seen.row("listed", index))
    return own[0] != "" and len(seen.alike("listed", _school).get(own, ())) > 1


def _school(row) -> tuple[str, str]:
    return cells.code(flat_text(row.get("code")))[0], flat_text(row.get("level"))
