"""The names, places and institutions that documents draw from.

Own lists, not a library's: equal seeds must give equal documents in every version of everything that is installed.
"""

from __future__ import annotations

from typing import Final

FEMALE: Final = (
    "Mary", "Patricia", "Linda", "Elizabeth", "Susan", "Karen", "Maria", "Nancy", "Margaret", "Sandra", "Ashley",
    "Dorothy", "Carmen", "Aisha", "Mei", "Priya", "Ingrid", "Rosa", "Yolanda", "Keiko", "Fatima", "Helen", "Ruth",
    "Olga",
)  # fmt: skip
MALE: Final = (
    "James", "Robert", "Michael", "David", "Richard", "Joseph", "Thomas", "Carlos", "Daniel", "Matthew", "Anthony",
    "Luis", "Ahmed", "Wei", "Rajesh", "Henrik", "Jorge", "Darnell", "Kenji", "Omar", "Walter", "Peter", "Ivan",
    "Samuel",
)  # fmt: skip
SURNAMES: Final = (
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Martinez", "Lopez", "Wilson",
    "Anderson", "Taylor", "Nguyen", "Lee", "Thompson", "White", "Harris", "Clark", "Ramirez", "Robinson", "Young",
    "Patel", "Kim", "Okafor", "Schmidt", "Kowalski", "Rossi", "Haddad", "Tanaka", "Fernandez", "O'Connor", "Petrov",
    "Larsen", "Dubois", "Chowdhury", "Washington", "Begaye", "Murphy", "Castillo",
)  # fmt: skip
PLACES: Final = (
    ("Springfield", "IL", "62704", "217"), ("Peoria", "IL", "61602", "309"), ("Rockford", "IL", "61101", "815"),
    ("Albany", "NY", "12207", "518"), ("Buffalo", "NY", "14201", "716"), ("Syracuse", "NY", "13202", "315"),
    ("Erie", "PA", "16501", "814"), ("Scranton", "PA", "18503", "570"), ("Lancaster", "PA", "17602", "717"),
    ("Dayton", "OH", "45402", "937"), ("Toledo", "OH", "43604", "419"), ("Akron", "OH", "44308", "330"),
    ("Lansing", "MI", "48933", "517"), ("Kalamazoo", "MI", "49007", "269"), ("Madison", "WI", "53703", "608"),
    ("Duluth", "MN", "55802", "218"), ("Fargo", "ND", "58102", "701"), ("Omaha", "NE", "68102", "402"),
    ("Wichita", "KS", "67202", "316"), ("Tulsa", "OK", "74103", "918"), ("Amarillo", "TX", "79101", "806"),
    ("Lubbock", "TX", "79401", "806"), ("Santa Fe", "NM", "87501", "505"), ("Tucson", "AZ", "85701", "520"),
    ("Boise", "ID", "83702", "208"), ("Spokane", "WA", "99201", "509"), ("Eugene", "OR", "97401", "541"),
    ("Fresno", "CA", "93721", "559"), ("Reno", "NV", "89501", "775"), ("Boulder", "CO", "80302", "303"),
    ("Mobile", "AL", "36602", "251"), ("Savannah", "GA", "31401", "912"), ("Asheville", "NC", "28801", "828"),
    ("Roanoke", "VA", "24011", "540"), ("Burlington", "VT", "05401", "802"), ("Portland", "ME", "04101", "207"),
    ("Hartford", "CT", "06103", "860"), ("Worcester", "MA", "01608", "508"), ("Newark", "NJ", "07102", "973"),
    ("Dover", "DE", "19901", "302"),
)  # fmt: skip
"""City, state, one of its ZIP codes, its first area code (real, so that a city follows from its ZIP code)."""
STREETS: Final = (
    "Larkhollow", "Quillfeather", "Bramblecote", "Ninepenny", "Ottersway", "Thistlemead", "Copperwhistle", "Fernbrake",
    "Saltmarten", "Dovecairn", "Juniperfold", "Windlestraw", "Mosscutter", "Harebellow", "Candlebeck", "Rookmarsh",
)  # fmt: skip
STREET_KINDS: Final = ("Street", "Avenue", "Road", "Lane", "Drive", "Court")
INSTITUTIONS: Final = (
    "Cedarbrook", "Northwick", "Halloway", "Fairmeadow", "Stonebridge", "Lakemont", "Ashgrove", "Riverbend",
    "Elmhollow", "Westhaven", "Brightwater", "Oakmere",
)  # fmt: skip
INSTITUTION_KINDS: Final = ("Medical Center", "General Hospital", "Clinic", "Health System")
INSURERS: Final = ("Bluestem Health Plan", "Meridale Mutual", "Summit Oak Insurance", "Prairie Star Health")
EMPLOYERS: Final = (
    "Tallgrass Freight Co.",
    "Pinecone Software",
    "Redwing Foundry",
    "Millrace Paper",
    "Harborline Foods",
)
RELATIONS: Final = ("spouse", "sibling", "child", "parent")
