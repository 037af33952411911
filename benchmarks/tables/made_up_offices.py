"""Made-up exports of shops, offices and the web, as their tools write them: one function a table.

Every function takes a random generator and gives a frame; the right roles are in ``labels.json``. Names of columns and
ways of writing cells follow the tool's own export; the contents are drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Random = np.random.Generator
FIRST = ["Ana", "Jonas", "Mei", "Omar", "Priya", "Sofia", "Liam", "Noor", "Yuki", "Pedro", "Eva", "Kofi"]
LAST = ["Silva", "Weber", "Chen", "Haddad", "Patel", "Rossi", "Murphy", "Aziz", "Sato", "Gomez", "Novak", "Mensah"]
TOPICS = ["login", "invoice", "the report", "search", "a printer", "the export", "mail", "the calendar", "payment"]
VERBS = ["fails after the update", "is slow on Mondays", "shows an old page", "asks for a password again", "stopped"]


def days(random: Random, n: int, start: str = "2023-01-01", span: int = 365) -> pd.DatetimeIndex:
    """Days drawn from a year."""
    return pd.DatetimeIndex(pd.Timestamp(start) + pd.to_timedelta(random.integers(0, span, n), unit="D"))


def moments(random: Random, n: int, start: str = "2023-01-01", span: int = 365) -> pd.DatetimeIndex:
    """Seconds drawn from a year."""
    seconds = random.integers(0, span * 86_400, n)
    return pd.DatetimeIndex(pd.Timestamp(start) + pd.to_timedelta(seconds, unit="s"))


def people(random: Random, n: int) -> list[str]:
    """Full names."""
    return [f"{first} {last}" for first, last in zip(random.choice(FIRST, n), random.choice(LAST, n), strict=True)]


def sentences(random: Random, n: int) -> list[str]:
    """Short complaints, nearly all different."""
    return [
        f"{random.choice(FIRST)} says {random.choice(TOPICS)} {random.choice(VERBS)}, and {random.choice(TOPICS)} "
        f"{random.choice(VERBS)} since {random.integers(2, 60)} days"
        for _row in range(n)
    ]


def hexes(random: Random, n: int, length: int) -> list[str]:
    """Codes of hexadecimal digits."""
    return ["".join(random.choice(list("0123456789abcdef"), length)) for _row in range(n)]


def uuids(random: Random, n: int) -> list[str]:
    return [f"{a[:8]}-{a[8:12]}-4{a[13:16]}-a{a[17:20]}-{a[20:]}" for a in hexes(random, n, 32)]


def shopify_orders(random: Random) -> pd.DataFrame:
    n = 400
    total = random.gamma(3, 30, n).round(2)
    refunded = random.random(n) < 0.15
    made = moments(random, n).sort_values()
    return pd.DataFrame(
        {
            "Name": [f"#{1001 + place}" for place in range(n)],
            "Email": [f"{name.replace(' ', '.').lower()}{k}@example.com" for k, name in enumerate(people(random, n))],
            "Financial Status": np.where(refunded, "refunded", "paid"),
            "Paid at": made.strftime("%Y-%m-%d %H:%M:%S"),
            "Currency": "EUR",
            "Subtotal": (total * 0.84).round(2),
            "Shipping": random.choice([0.0, 4.9, 9.9], n),
            "Total": total,
            "Lineitem quantity": random.integers(1, 7, n),
            "Lineitem name": random.choice(["Mug blue", "Mug red", "Poster A3", "Tea towel", "Bag"], n),
            "Shipping Country": random.choice(["DE", "FR", "NL", "AT"], n),
            "Accepts Marketing": random.choice(["yes", "no"], n),
            "Cancelled at": "",
            "Id": random.choice(10**9, n, replace=False) + 4_000_000_000_000,
            "Refunded": np.where(refunded, "yes", "no"),
        }
    )


def jira_issues(random: Random) -> pd.DataFrame:
    n = 350
    made = moments(random, n)
    done = random.random(n) < 0.6
    closed = made + pd.to_timedelta(random.integers(1, 90, n), unit="D")
    return pd.DataFrame(
        {
            "Issue key": [f"OPS-{number}" for number in random.choice(4000, n, replace=False) + 100],
            "Issue id": random.choice(90_000, n, replace=False) + 10_000,
            "Summary": sentences(random, n),
            "Issue Type": random.choice(["Bug", "Task", "Story"], n),
            "Priority": random.choice(["Low", "Medium", "High", "Highest"], n),
            "Assignee": random.choice(people(random, 12), n),
            "Story Points": random.choice([1, 2, 3, 5, 8, 13], n),
            "Created": made.strftime("%Y-%m-%d %H:%M"),
            "Resolved": pd.Series(closed.strftime("%Y-%m-%d %H:%M")).where(done, None),
            "Watchers": random.poisson(2, n),
            "Status": np.where(done, "Done", "Open"),
        }
    )


def google_analytics(random: Random) -> pd.DataFrame:
    day = pd.date_range("2023-01-01", periods=365)
    users = random.poisson(800, 365)
    return pd.DataFrame(
        {
            "Day Index": day.strftime("%Y-%m-%d"),
            "Users": users,
            "Sessions": (users * random.uniform(1.1, 1.4, 365)).astype(int),
            "Bounce Rate": [f"{share:.2%}" for share in random.uniform(0.3, 0.7, 365)],
            "Pages / Session": random.uniform(1.5, 4, 365).round(2),
            "Avg. Session Duration": [f"00:0{random.integers(1, 6)}:{random.integers(10, 60)}" for _day in day],
            "Revenue": [f"${amount:,.2f}" for amount in random.gamma(5, 600, 365)],
            "Transactions": random.poisson(30, 365),
        }
    )


def web_log(random: Random) -> pd.DataFrame:
    n = 900
    status = random.choice([200, 200, 200, 301, 404, 500], n)
    return pd.DataFrame(
        {
            "request_id": uuids(random, n),
            "time": moments(random, n, span=3).sort_values().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "client_ip": [f"10.{random.integers(0, 9)}.{random.integers(0, 30)}.7" for _row in range(n)],
            "method": random.choice(["GET", "GET", "POST", "PUT"], n),
            "path": random.choice(["/", "/cart", "/search", "/api/items", "/login"], n),
            "status_code": status,
            "bytes": random.integers(200, 90_000, n),
            "ms": random.gamma(2, 60, n).round(1),
            "user_agent": random.choice(["Mozilla/5.0 (X11)", "curl/8.1", "Mozilla/5.0 (iPhone)"], n),
            "cache_hit": random.choice([True, False], n),
        }
    )


def bank_statement(random: Random) -> pd.DataFrame:
    n = 260
    amount = (random.normal(-30, 120, n)).round(2)
    return pd.DataFrame(
        {
            "Buchungstag": days(random, n).sort_values().strftime("%d.%m.%Y"),
            "Verwendungszweck": sentences(random, n),
            "Empfänger": random.choice(["REWE", "Stadtwerke", "Deutsche Bahn", "Miete Meyer", "Gehalt"], n),
            "IBAN": [f"DE{random.integers(10, 99)}5001{random.integers(10**13, 10**14)}" for _row in range(n)],
            "Betrag": [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in amount],
            "Währung": "EUR",
            "Saldo": [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in 5000 + np.cumsum(amount)],
            "Kategorie": random.choice(["Lebensmittel", "Wohnen", "Verkehr", "Einkommen"], n),
        }
    )


def loan_book(random: Random) -> pd.DataFrame:
    n = 1200
    rate = random.uniform(5, 25, n)
    bad = random.random(n) < rate / 90
    return pd.DataFrame(
        {
            "member_id": random.choice(10**6, n, replace=False) + 10**6,
            "loan_amnt": random.integers(2, 80, n) * 500,
            "int_rate": rate.round(2),
            "grade": pd.cut(rate, [0, 9, 13, 17, 30], labels=["A", "B", "C", "D"]).astype(str),
            "annual_inc": random.gamma(4, 18_000, n).round(0),
            "zip_code": [f"{random.integers(100, 999)}xx" for _row in range(n)],
            "dti": random.uniform(0, 35, n).round(2),
            "issue_d": days(random, n, "2015-01-01", 900).strftime("%Y-%m-01"),
            "policy_code": 1,
            "recoveries": np.where(bad, random.gamma(2, 400, n).round(2), 0.0),
            "collection_recovery_date": pd.Series(days(random, n, "2018-01-01").strftime("%Y-%m-%d")).where(bad, None),
            "loan_status": np.where(bad, "Charged Off", "Fully Paid"),
        }
    )


def churn(random: Random) -> pd.DataFrame:
    n = 900
    months = random.integers(0, 72, n)
    gone = random.random(n) < np.where(months < 12, 0.5, 0.15)
    return pd.DataFrame(
        {
            "customerID": [
                f"{random.integers(1000, 9999)}-{''.join(random.choice(list('ABCDEFGH'), 5))}" for _r in range(n)
            ],
            "gender": random.choice(["Female", "Male"], n),
            "SeniorCitizen": (random.random(n) < 0.16).astype(int),
            "tenure": months,
            "Contract": random.choice(["Month-to-month", "One year", "Two year"], n),
            "MonthlyCharges": random.uniform(18, 118, n).round(2),
            "TotalCharges": (months * random.uniform(18, 118, n)).round(2),
            "PaperlessBilling": random.choice(["Yes", "No"], n),
            "churn_reason": pd.Series(random.choice(["price", "moved", "competitor"], n)).where(gone, None),
            "Churn": np.where(gone, "Yes", "No"),
        }
    )


def employees(random: Random) -> pd.DataFrame:
    n = 500
    level = random.integers(1, 6, n)
    return pd.DataFrame(
        {
            "EmployeeNumber": random.choice(3000, n, replace=False) + 1,
            "Age": random.integers(19, 64, n),
            "Department": random.choice(["Sales", "R&D", "HR"], n),
            "JobLevel": level,
            "HourlyRate": random.integers(30, 101, n),
            "MonthlyIncome": (level * 2800 + random.normal(0, 900, n)).round(0).astype(int),
            "Over18": "Y",
            "StandardHours": 80,
            "PerformanceRating": random.choice([3, 4], n),
            "YearsAtCompany": random.poisson(6, n),
            "OverTime": random.choice(["Yes", "No"], n),
            "Attrition": np.where(random.random(n) < 0.17, "Yes", "No"),
        }
    )


def real_estate_fr(random: Random) -> pd.DataFrame:
    n = 420
    area = random.gamma(8, 9, n).round(1)
    return pd.DataFrame(
        {
            "id_mutation": [f"2023-{number}" for number in random.choice(900_000, n, replace=False) + 100_000],
            "date_mutation": days(random, n).strftime("%Y-%m-%d"),
            "numero_disposition": "000001",
            "code_postal": random.choice([75011, 69003, 13001, 33000, 31000, 44000, 59000], n),
            "type_local": random.choice(["Appartement", "Maison"], n),
            "surface_reelle_bati": area,
            "nombre_pieces_principales": np.clip((area / 22).astype(int), 1, 7),
            "longitude": random.uniform(-1, 7, n).round(6),
            "latitude": random.uniform(43, 49, n).round(6),
            "valeur_fonciere": (area * random.normal(4200, 700, n)).round(0),
        }
    )


def receipts_jp(random: Random) -> pd.DataFrame:
    n = 600
    amount = random.integers(1, 9, n)
    price = random.choice([120, 150, 198, 298, 480, 980], n)
    return pd.DataFrame(
        {
            "レシート番号": np.sort(random.choice(10**6, n, replace=False) + 10**6),
            "日時": moments(random, n, span=60).sort_values().strftime("%Y-%m-%d %H:%M"),
            "店舗コード": random.choice([101, 102, 105, 230], n),
            "商品名": random.choice(["おにぎり", "お茶", "弁当", "アイス", "雑誌"], n),
            "単価": price,
            "数量": amount,
            "合計": price * amount,
            "支払方法": random.choice(["現金", "カード", "電子マネー"], n),
        }
    )


def houses_cn(random: Random) -> pd.DataFrame:
    n = 300
    area = random.gamma(9, 10, n).round(2)
    return pd.DataFrame(
        {
            "编号": np.arange(1, n + 1),
            "小区": random.choice(["阳光花园", "翠湖", "东方名城", "万科城", "龙湖"], n),
            "户型": random.choice(["2室1厅", "3室2厅", "1室1厅", "4室2厅"], n),
            "面积": [f"{value}㎡" for value in area],
            "楼层": random.choice(["低楼层", "中楼层", "高楼层"], n),
            "建成年份": random.integers(1990, 2021, n),
            "关注人数": random.poisson(20, n),
            "总价": [f"{value * 4:.0f}万" for value in area],
        }
    )


def marketplace_br(random: Random) -> pd.DataFrame:
    n = 500
    score = random.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.05, 0.1, 0.2, 0.55])
    return pd.DataFrame(
        {
            "order_id": hexes(random, n, 32),
            "customer_unique_id": hexes(random, n, 32),
            "order_purchase_timestamp": moments(random, n).strftime("%Y-%m-%d %H:%M:%S"),
            "payment_type": random.choice(["credit_card", "boleto", "voucher"], n),
            "payment_installments": random.integers(1, 11, n),
            "price": random.gamma(2, 60, n).round(2),
            "freight_value": random.gamma(3, 6, n).round(2),
            "product_weight_g": random.integers(100, 9000, n),
            "customer_zip_code_prefix": random.choice([1046, 13023, 22070, 30140, 4571, 80010], n),
            "review_comment_message": pd.Series(sentences(random, n)).where(random.random(n) < 0.6, None),
            "review_score": score,
        }
    )


def call_centre_in(random: Random) -> pd.DataFrame:
    n = 450
    return pd.DataFrame(
        {
            "Call Id": [f"ID{place:04d}" for place in range(1, n + 1)],
            "Agent": random.choice(["Diane", "Becky", "Stewart", "Greg", "Jim"], n),
            "Date": days(random, n).strftime("%Y-%m-%d"),
            "Time": [f"{random.integers(9, 18):02d}:{random.integers(0, 60):02d}:00" for _row in range(n)],
            "Topic": random.choice(["Contract related", "Technical Support", "Payment related"], n),
            "Speed of answer in seconds": random.integers(10, 126, n),
            "AvgTalkDuration": [f"00:0{random.integers(0, 7)}:{random.integers(10, 60)}" for _row in range(n)],
            "Satisfaction rating": random.integers(1, 6, n),
            "Resolved": random.choice(["Y", "N"], n),
        }
    )


def invoices_us(random: Random) -> pd.DataFrame:
    n = 320
    amount = random.gamma(2, 900, n)
    return pd.DataFrame(
        {
            "Invoice No": np.arange(n) + 536_365,
            "StockCode": random.choice(["85123A", "71053", "84406B", "22752", "21730"], n),
            "Customer Code": random.choice([17850, 13047, 12583, 15311, 14688, 17809], n),
            "Sales Tax Code": random.choice(["TX8", "CA7", "NY8"], n),
            "Amount Due": [f"${value:,.2f}" for value in amount],
            "Discount": [f"{value}%" for value in random.choice([0, 5, 10, 15], n)],
            "Days Late": random.poisson(9, n),
            "Terms": random.choice(["Net 30", "Net 60", "Due on receipt"], n),
            "Disputed": random.choice(["Yes", "No"], n),
        }
    )


def car_ads_ru(random: Random) -> pd.DataFrame:
    n = 380
    age = random.integers(0, 20, n)
    return pd.DataFrame(
        {
            "id_объявления": random.choice(10**8, n, replace=False) + 10**9,
            "марка": random.choice(["Lada", "Kia", "Toyota", "BMW"], n),
            "год": 2023 - age,
            "пробег_км": (age * random.normal(14_000, 3000, n)).clip(0).round(-2).astype(int),
            "коробка": random.choice(["механика", "автомат"], n),
            "vin": ["".join(random.choice(list("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"), 17)) for _row in range(n)],
            "описание": [
                f"Машина в хорошем состоянии, один хозяин, пробег родной, торг {k} у капота"
                for k in random.permutation(n)
            ],
            "цена": ((25 - age) * random.normal(90_000, 9000, n)).round(-3).astype(int),
        }
    )


def email_campaign(random: Random) -> pd.DataFrame:
    n = 700
    opened = random.random(n) < 0.4
    clicked = opened & (random.random(n) < 0.3)
    return pd.DataFrame(
        {
            "contact_key": uuids(random, n),
            "segment": random.choice(["new", "loyal", "sleeping"], n),
            "days_since_last_order": random.integers(0, 400, n),
            "open_rate_90d": random.random(n).round(3),
            "subject_line_no": random.integers(1, 5, n),
            "sent_at": moments(random, n, span=2).strftime("%Y-%m-%d %H:%M:%S"),
            "first_click_at": pd.Series(moments(random, n, "2023-01-03", 5).strftime("%Y-%m-%d %H:%M:%S")).where(
                clicked
            ),
            "unsubscribed": (random.random(n) < 0.01).astype(int),
            "clicked": clicked.astype(int),
        }
    )


TABLES = [
    shopify_orders,
    jira_issues,
    google_analytics,
    web_log,
    bank_statement,
    loan_book,
    churn,
    employees,
    real_estate_fr,
    receipts_jp,
    houses_cn,
    marketplace_br,
    call_centre_in,
    invoices_us,
    car_ads_ru,
    email_campaign,
]
