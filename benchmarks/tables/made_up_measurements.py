"""Made-up tables of measurements, schools, hospitals, sport and nature: one function a table.

Their names lay traps (``heat index``, ``air_quality_index``, ``hr``, ``code``), and some columns are pure for a class
though they are honest: an odour, an island, milk.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.tables.made_up_offices import Random, days, moments, people, sentences


def strava(random: Random) -> pd.DataFrame:
    n = 300
    distance = random.gamma(6, 1.7, n)
    speed = random.normal(3.1, 0.3, n)
    return pd.DataFrame(
        {
            "Activity ID": np.sort(random.choice(10**8, n, replace=False)) + 5_000_000_000,
            "Activity Date": moments(random, n).sort_values().strftime("%b %d, %Y, %I:%M:%S %p"),
            "Activity Name": random.choice(["Morning Run", "Evening Run", "Lunch Ride", "Long Run"], n),
            "Activity Type": random.choice(["Run", "Ride"], n),
            "Elapsed Time": (distance * 1000 / speed + random.integers(0, 600, n)).astype(int),
            "Distance": distance.round(2),
            "Average Speed": speed.round(3),
            "hr": random.normal(148, 11, n).round(0).astype(int),
            "Max hr": random.normal(171, 9, n).round(0).astype(int),
            "Elevation Gain": random.gamma(2, 50, n).round(1),
            "Commute": random.choice([True, False], n),
            "Filename": [f"activities/{number}.fit.gz" for number in random.choice(10**7, n, replace=False)],
            "Relative Effort": random.poisson(60, n),
        }
    )


def hospital_visits(random: Random) -> pd.DataFrame:
    n = 800
    stay = random.gamma(2, 3, n)
    dead = random.random(n) < 0.07
    return pd.DataFrame(
        {
            "encounter_id": random.choice(10**8, n, replace=False) + 10**7,
            "patient_nbr": random.choice(random.choice(10**7, 300, replace=False) + 10**6, n),
            "age": random.integers(18, 95, n),
            "sex": random.choice(["M", "F"], n),
            "admission_type_id": random.integers(1, 5, n),
            "admitted": days(random, n).strftime("%Y-%m-%d"),
            "systolic": random.normal(131, 17, n).round(0),
            "heart_rate": random.normal(82, 14, n).round(0),
            "creatinine": random.gamma(4, 0.3, n).round(2),
            "icd_code": random.choice(["I10", "E11.9", "J18.9", "N39.0", "I50.9"], n),
            "days_in_hospital": stay.round(1),
            "date_of_death": pd.Series(days(random, n, "2023-06-01").strftime("%Y-%m-%d")).where(dead, None),
            "died": dead.astype(int),
        }
    )


def school_marks(random: Random) -> pd.DataFrame:
    n = 395
    first = random.integers(3, 19, n)
    final = np.clip(first + random.integers(-2, 3, n), 0, 20)
    return pd.DataFrame(
        {
            "Schüler-Nr": np.arange(1, n + 1),
            "Klasse": random.choice(["9a", "9b", "10a", "10b"], n),
            "Geschlecht": random.choice(["w", "m", "d"], n, p=[0.49, 0.49, 0.02]),
            "Alter": random.integers(15, 20, n),
            "Fehltage": random.poisson(5, n),
            "Note 1": first,
            "Note 2": np.clip(first + random.integers(-1, 2, n), 0, 20),
            "Bestanden": np.where(final >= 10, "ja", "nein"),
            "Abschlussnote": final,
        }
    )


def spss_survey(random: Random) -> pd.DataFrame:
    n = 512
    likert = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
    return pd.DataFrame(
        {
            "RESPID": random.choice(90_000, n, replace=False) + 10_000,
            "WEIGHT": random.gamma(9, 0.11, n).round(4),
            "Q1_AGE": random.integers(18, 90, n),
            "Q2_SEX": random.choice([1, 2], n),
            "Q3_REGION": random.choice([1, 2, 3, 4, 9], n),
            "Q4": random.choice(likert, n),
            "Q5": random.choice(likert, n),
            "Q6_HOURS": random.poisson(3, n),
            "Q7_OPEN": sentences(random, n),
            "MODE": "WEB",
            "Q8_VOTE": random.choice(["A", "B", "C", "none"], n),
        }
    )


def weather_station(random: Random) -> pd.DataFrame:
    n = 700
    heat = random.normal(24, 6, n)
    return pd.DataFrame(
        {
            "record": np.arange(1, n + 1),
            "observed_at": pd.date_range("2023-05-01", periods=n, freq="h").strftime("%Y-%m-%d %H:%M"),
            "temp": heat.round(1),
            "heat index": (heat + random.normal(1.5, 1, n)).round(0).astype(int),
            "air_quality_index": random.choice(260, n, replace=True) + 12,
            "uv index": random.integers(0, 12, n),
            "wind_dir_no": random.integers(0, 360, n),
            "pressure": random.normal(1013, 8, n).round(0).astype(int),
            "rain": np.where(random.random(n) < 0.3, random.gamma(1, 3, n), 0).round(1),
        }
    )


def sensors(random: Random) -> pd.DataFrame:
    n = 800
    return pd.DataFrame(
        {
            "t": np.arange(n),
            "device_id": random.choice([101, 102, 103, 117], n),
            "vibration": random.gamma(2, 0.4, n),
            "rpm": random.normal(1500, 120, n).round(0).astype(int),
            "error code": random.choice([0, 0, 0, 0, 12, 47], n),
            "serial": random.choice(["SN-0012", "SN-0047", "SN-0101"], n),
            "firmware": random.choice(["1.0.2", "1.1.0", "2.0.0"], n),
            "kwh": np.cumsum(random.gamma(2, 0.3, n)).round(3),
            "state": random.choice(["ok", "warm", "hot"], n),
        }
    )


def football(random: Random) -> pd.DataFrame:
    n = 380
    home, away = random.poisson(1.5, n), random.poisson(1.2, n)
    teams = ["Celta", "Betis", "Getafe", "Girona", "Osasuna", "Sevilla", "Valencia", "Mallorca"]
    return pd.DataFrame(
        {
            "match_id": np.arange(n) + 3_764_200,
            "Date": days(random, n).sort_values().strftime("%d/%m/%y"),
            "HomeTeam": random.choice(teams, n),
            "AwayTeam": random.choice(teams, n),
            "Jornada": np.repeat(np.arange(1, 39), 10),
            "HS": random.poisson(12, n),
            "AS": random.poisson(10, n),
            "HC": random.poisson(5, n),
            "B365H": random.gamma(4, 0.7, n).round(2) + 1,
            "Referee": random.choice(people(random, 9), n),
            "Attendance": random.integers(5000, 60_000, n),
            "FTR": np.select([home > away, home < away], ["H", "A"], "D"),
        }
    )


def species_counts(random: Random) -> pd.DataFrame:
    n = 260
    return pd.DataFrame(
        {
            "occurrenceID": [f"urn:lsid:{random.integers(10**9, 10**10)}" for _row in range(n)],
            "scientificName": random.choice(["Parus major", "Turdus merula", "Erithacus rubecula", "Pica pica"], n),
            "decimalLatitude": random.normal(47, 1, n).round(5),
            "decimalLongitude": random.normal(8, 1, n).round(5),
            "eventDate": days(random, n).strftime("%Y-%m-%d"),
            "individualCount": random.poisson(4, n) + 1,
            "habitat": random.choice(["forest", "garden", "meadow"], n),
            "recordedBy": random.choice(people(random, 15), n),
            "basisOfRecord": "HumanObservation",
            "elevation_m": random.integers(200, 2200, n),
        }
    )


def mushrooms(random: Random) -> pd.DataFrame:
    n = 2000
    bad = random.random(n) < 0.48
    faint = random.random(n) < 0.05  # poisonous without a smell: the one mistake an odour makes
    smell = np.where(
        bad,
        np.where(faint, "none", random.choice(["foul", "fishy", "spicy", "pungent"], n)),
        random.choice(["none", "none", "almond", "anise"], n),
    )
    return pd.DataFrame(
        {
            "cap-shape": random.choice(["bell", "convex", "flat"], n),
            "cap-color": random.choice(["brown", "white", "red", "grey"], n),
            "bruises": np.where(random.random(n) < np.where(bad, 0.2, 0.7), "t", "f"),
            "odor": smell,
            "gill-size": np.where(random.random(n) < np.where(bad, 0.55, 0.1), "narrow", "broad"),
            "stalk-root": random.choice(["bulbous", "club", "equal", ""], n),
            "veil-type": "partial",
            "habitat": random.choice(["woods", "grasses", "paths"], n),
            "class": np.where(bad, "poisonous", "edible"),
        }
    )


def zoo(random: Random) -> pd.DataFrame:
    kinds = {  # hair, feathers, eggs, milk, airborne, aquatic, legs
        "mammal": (1, 0, 0, 1, 0, 0, 4),
        "bird": (0, 1, 1, 0, 1, 0, 2),
        "fish": (0, 0, 1, 0, 0, 1, 0),
        "reptile": (0, 0, 1, 0, 0, 0, 4),
        "insect": (0, 0, 1, 0, 1, 0, 6),
    }
    marks = ["hair", "feathers", "eggs", "milk", "airborne", "aquatic", "legs"]
    kind = random.choice(list(kinds), 200, p=[0.4, 0.2, 0.15, 0.1, 0.15])
    frame = pd.DataFrame([kinds[one] for one in kind], columns=marks)
    for mark in ("hair", "eggs", "airborne", "aquatic"):
        frame[mark] = np.where(random.random(200) < 0.08, 1 - frame[mark], frame[mark])
    frame.insert(0, "animal_name", [f"animal{place}" for place in random.permutation(200)])
    return frame.assign(type=kind)


def islands(random: Random) -> pd.DataFrame:
    n = 340
    kind = random.choice(["Adelie", "Gentoo", "Chinstrap"], n, p=[0.44, 0.36, 0.2])
    home = np.select(
        [kind == "Gentoo", kind == "Chinstrap"], ["Biscoe", "Dream"], random.choice(["Dream", "Biscoe"], n)
    )
    return pd.DataFrame(
        {
            "Unnamed: 0": np.arange(n),
            "island": home,
            "flipper": (random.normal(195, 6, n) + 20 * (kind == "Gentoo")).round(0),
            "bill": (random.normal(39, 2.5, n) + 9 * (kind != "Adelie")).round(1),
            "mass": (random.normal(3700, 350, n) + 1300 * (kind == "Gentoo")).round(-1),
            "ring code": [
                f"{a}{b:03d}" for a, b in zip(random.choice(list("KLM"), n), random.permutation(n), strict=True)
            ],
            "species": kind,
        }
    )


def energy_de(random: Random) -> pd.DataFrame:
    n = 365
    used = random.gamma(20, 0.6, n)
    return pd.DataFrame(
        {
            "Zählernummer": "1ESM0012345678",
            "Tag": pd.date_range("2022-01-01", periods=n).strftime("%d.%m.%Y"),
            "Zählerstand": np.cumsum(used).round(1),
            "Verbrauch (kWh)": [f"{value:.2f}".replace(".", ",") for value in used],
            "Außentemperatur": [f"{value:.1f} °C".replace(".", ",") for value in random.normal(10, 8, n)],
            "KW": pd.date_range("2022-01-01", periods=n).isocalendar().week.to_numpy(),
            "Feiertag": random.choice(["ja", "nein"], n, p=[0.05, 0.95]),
        }
    )


def clinical_trial(random: Random) -> pd.DataFrame:
    n_people, visits = 60, 5
    n = n_people * visits
    person = np.repeat(np.arange(n_people), visits)
    base = random.normal(0, 8, n_people)[person]
    return pd.DataFrame(
        {
            "USUBJID": [f"ABC-01-{one + 1:03d}" for one in person],
            "SITEID": np.repeat(random.choice(["01", "02", "07"], n_people), visits),
            "VISITNUM": np.tile(np.arange(1, visits + 1), n_people),
            "ARM": np.repeat(random.choice(["Placebo", "Drug A"], n_people), visits),
            "SEX": np.repeat(random.choice(["M", "F"], n_people), visits),
            "AVAL": (120 + base + random.normal(0, 4, n)).round(0),
            "BP": [f"{a:.0f}/{b:.0f}" for a, b in zip(128 + base, 79 + base / 2, strict=True)],
            "AESER": (random.random(n) < 0.05).astype(int),
            "DOSE": random.choice([0, 5, 10], n),
        }
    )


def traffic_accidents(random: Random) -> pd.DataFrame:
    n = 700
    return pd.DataFrame(
        {
            "accident_index": [f"2021{random.integers(10**8, 10**9)}" for _row in range(n)],
            "accident_year": 2021,
            "police_force": random.integers(1, 50, n),
            "number_of_vehicles": random.integers(1, 5, n),
            "speed_limit": random.choice([20, 30, 40, 60, 70], n),
            "time": [f"{random.integers(0, 24):02d}:{random.integers(0, 60):02d}" for _row in range(n)],
            "first_road_class": random.integers(1, 7, n),
            "light": random.choice(["daylight", "dark", "dusk"], n),
            "easting": random.integers(100_000, 650_000, n),
            "northing": random.integers(10_000, 900_000, n),
            "severity": random.choice(["slight", "serious", "fatal"], n, p=[0.8, 0.17, 0.03]),
        }
    )


def wine_reviews(random: Random) -> pd.DataFrame:
    n = 300
    return pd.DataFrame(
        {
            "index": np.arange(n),
            "description": sentences(random, n),
            "country": random.choice(["Italy", "France", "US", "Chile"], n),
            "vintage": random.integers(1998, 2020, n),
            "price": random.gamma(3, 12, n).round(0),
            "taster": random.choice(people(random, 8), n),
            "link": [f"https://wine.example/{number}" for number in random.choice(10**6, n, replace=False)],
            "points": random.integers(80, 101, n),
        }
    )


def machine_faults(random: Random) -> pd.DataFrame:
    n = 6000
    torque = random.normal(40, 10, n)
    broken = random.random(n) < 0.012
    worn = random.random(n) < 0.008
    failed = broken | worn | ((torque > 63) & (random.random(n) < 0.7))
    return pd.DataFrame(
        {
            "UDI": np.arange(1, n + 1),
            "Product ID": [f"{a}{b}" for a, b in zip(random.choice(list("LMH"), n), 14860 + np.arange(n), strict=True)],
            "Type": random.choice(list("LMH"), n),
            "Air [K]": random.normal(300, 2, n).round(1),
            "Torque [Nm]": torque.round(1),
            "Tool wear [min]": random.integers(0, 250, n),
            "tool_broken": broken.astype(int),
            "tool_worn_out": worn.astype(int),
            "Machine failure": failed.astype(int),
        }
    )


TABLES = [
    strava,
    hospital_visits,
    school_marks,
    spss_survey,
    weather_station,
    sensors,
    football,
    species_counts,
    mushrooms,
    zoo,
    islands,
    energy_de,
    clinical_trial,
    traffic_accidents,
    wine_reviews,
    machine_faults,
]
