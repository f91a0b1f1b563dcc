"""What column names say about roles, in the languages that shops write their exports in.

A name is split into lower-case words first (`CustomerID` and `customer_id` are both "customer id"). The first
rule that fits name and type wins; the order matters where names overlap: "Spending Score" is no spend.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NUMERIC: Final = ("integer", "number")
DATED: Final = ("date", "datetime")
NAMING: Final = ("integer", "text")
ANY: Final = ("integer", "number", "text", "date", "datetime", "flag")
TEXT: Final = ("text",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A rule: a column whose name matches `pattern` and whose type is one of `types` has this role."""

    role: str
    types: tuple[str, ...]
    pattern: re.Pattern[str]


def words(name: str) -> str:
    """A column name as lower-case words without accents: `CustomerID` and `customer_id` are "customer id"."""
    spelled = name.replace("ß", "ss").replace("%", " percent")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return " ".join(re.findall(r"[a-z]+|\d+", split.lower()))


def _hint(role: str, types: tuple[str, ...], *patterns: str) -> Hint:
    return Hint(role=role, types=types, pattern=re.compile("|".join(patterns)))


def _one_of(*names: str) -> str:
    return f"(?:{'|'.join(names)})"


_BUYER: Final = _one_of(
    "customer|client|cust|user|member|household|hh|buyer|shopper|consumer|account|contact|visitor|subscriber",
    "kunde|kunden|cliente|klant|acheteur|comprador|usuario|utente|debitor",
)
_NUMBER: Final = _one_of("unique id|id|ids|no|nr|num|number|code|key|ref|nummer|numero|kennung|hash")
_ORDER: Final = _one_of(
    "order|sales order|invoice|basket|transaction|trans|receipt|ticket|bill|sale|purchase",
    "bestell|bestellung|bestellungs|auftrag|auftrags|rechnung|rechnungs|beleg|bon|bestelling|factuur",
    "commande|facture|pedido|factura|fatura|venta|venda|ordine|fattura|scontrino",
)
_DAY: Final = _one_of("date|datetime|timestamp|time|day|datum|zeit|tag|fecha|data|jour|dia|giorno|at|on")
_THING: Final = _one_of("product|item|article|artikel|produkt|produit|producto|produto|prodotto")
_AMOUNT: Final = _one_of(
    "amount|value|total|sales|revenue|turnover|subtotal|betrag|umsatz|summe|gesamt|gesamtpreis|netto|brutto",
    "montant|importe|monto|valor|receita|importo|bedrag|omzet",
)
_PRICE: Final = _one_of("price|preis|prix|precio|preco|prezzo|prijs")
_MONEY: Final = _one_of("eur|usd|gbp|chf")
_DISCOUNT: Final = _one_of(
    "discount|discounts|disc|coupon|voucher|markdown|rabatt|nachlass|remise|descuento|desconto|sconto|korting"
)

AMBIGUOUS_AMOUNT: Final = re.compile(
    rf"^(?:{_PRICE}|amount|value|betrag|montant|importe|monto|valor|importo|bedrag)(?: {_MONEY})?$"
)
"""Names that do not say whether they are per piece or per line."""

LOOKS_LIKE_PRICE: Final = re.compile(rf"\b{_PRICE}\b")
LONE_ID: Final = re.compile(r"^(?:id|uid|uuid|guid|nr)$")
WHOLE_ORDER: Final = re.compile(r"\b(?:order|invoice|basket|grand) (?:total|amount|value)\b")
DISCOUNT: Final = re.compile(rf"\b{_DISCOUNT}\b")
RATE: Final = re.compile(r"\b(?:rate|pct|percent|percentage|prozent|quote|share|ratio)\b")
COUNT: Final = re.compile(r"\b(?:num|number|no|count|anzahl|nb|orders|purchases)\b")
CODE: Final = re.compile(
    rf"\b(?:{_NUMBER}|zip|plz|postcode|postal|index|row|upc|ean)$|^(?:unnamed|index level)\b"
)

EMAIL_NAME: Final = re.compile(r"\be ?mail")
_EMAIL: Final = _hint("email", TEXT, EMAIL_NAME.pattern)
PERSONAL: Final[Mapping[str, re.Pattern[str]]] = {
    "name": re.compile(
        r"\b(?:first|last|full|middle|given|family|sur|customer|client|user|contact|billing|shipping|recipient)"
        r" ?names?\b|^names?$|\b(?:vorname|nachname|prenom|apellidos?|cognome|surname|forename)\b"
        r"|^nom$|^nombre$"
    ),
    "phone": re.compile(
        r"\bphone|\bmobile\b(?! (?:app|device|visit))|\btel\b|telefon|\bcell ?phone\b|\bwhatsapp\b"
    ),
    "address": re.compile(
        r"\b(?<!ip )address|adresse|\bstreet\b|strasse\b|\bdireccion\b|\bindirizzo\b|\bendereco\b"
    ),
    "birth date": re.compile(r"\bdob\b|\bbirth ?(?:date|day)|\bdate of birth\b|geburts(?:tag|datum)"),
    "document": re.compile(r"\biban\b|passport|\bssn\b|\bcredit card (?:no|number)\b|\bip address\b"),
}
"""What a column about a person is called, by what it holds."""

PERSON: Final = re.compile(
    rf"\b(?:{_BUYER}|name|owner|card ?holder|recipient|billing|shipping|empfanger|inhaber)\b"
)
"""Names of columns that may hold names of people."""

CODED: Final = re.compile(
    r"\b(?:code|type|class|(?<!age )group|segment|cluster|region|zone|area|store|shop|branch|channel|state"
    r"|status|category|occupation|profession|job|marriage|marital(?: status)?|religion|race|ethnicity"
    r"|education|department)(?: (?:id|code|no|nr|num|number|type))?$"
)
"""Names of numbers that stand for something when there are few of them."""

PLACE: Final = re.compile(r"^(?:geo ?)?(?:lat|lng|lon|long|latitude|longitude)$|\b(?:latitude|longitude)\b")
CURRENCY: Final = re.compile(r"\b(?:currency|currencies|wahrung|devise|moneda|moeda|valuta)\b")

_CONSENT: Final = _hint(
    "consent",
    ANY,
    r"^(?!.*(?:\bun|opt ?out|declin|refus|revok|withdr|\bnot?\b)).*"
    r"(?:\bconsent|\bopt(?:ed)? ?in\b|newsletter|\bgdpr\b|marketing (?:allowed|permission)"
    r"|accepts? (?:\w+ )?marketing|\bsubscribed\b|\bpermission\b"
    r"|einwilligung|consentement|consentimiento|consenso)",
)
"""Who agreed; a column of those who declined says the opposite and is none."""

_PERSONAL: Final = _hint("personal", ANY, *(pattern.pattern for pattern in PERSONAL.values()))
_WHO: Final = (
    _hint(
        "age",
        NUMERIC,
        r"^(?:age|alter|edad|idade|eta|leeftijd)\b(?! (?:group|band|range|class|bracket|bin|cat|code))",
        r"(?<!of )\bage$",
    ),
    _hint("gender", ANY, r"^(?:gender|genre|sex|geschlecht|sexe|sexo|genero|sesso|geslacht)$", r"\bgender\b"),
    _hint("country", TEXT, r"\bcountry\b", r"^(?:land|pays|pais|paese|nation)$"),
    _hint(
        "since",
        DATED,
        r"\b(?:customer|member|client|cliente|kunde) (?:since|from|seit|desde|depuis|dal)\b|^since$",
        r"\bjoin(?:ed)?\b|sign ?up|\bregist|\benrol|\bdt customer\b|inscription|\balta\b|cadastro",
    ),
)
_ID: Final = _hint(
    "id",
    NAMING,
    rf"^{_BUYER} ?{_NUMBER}$|^{_BUYER}$|^id {_BUYER}$",
    r"^(?:kundennummer|kundennr|klantnummer)$",
)

LOG_HINTS: Final = (
    _ID,
    _EMAIL,
    _hint(
        "order",
        NAMING,
        rf"^{_ORDER} ?{_NUMBER}$|^id {_ORDER}$",
        r"^(?:order|invoice|receipt|pedido|commande)$",
    ),
    _hint("order", TEXT, r"^name$"),
    _hint("status", ("text", "flag"), r"\bstatus\b|^order state$"),
    *_WHO,
    _hint("discount", NUMERIC, rf"\b{_DISCOUNT}\b"),
    _hint(
        "quantity",
        NUMERIC,
        r"^(?:quantity|quantities|qty|pieces|units|items|units sold)\b|\b(?:quantity|qty)$",
        r"^(?:menge|anzahl|stuckzahl|stuck|stk|quantite|qte|cantidad|cant|quantidade|qtd|quantita|aantal)\b",
    ),
    _hint(
        "unit_price",
        NUMERIC,
        rf"^(?:(?:unit|item|list|piece|single|product|selling|sales?|line ?item|stuck|einzel) ?)?{_PRICE}"
        rf"(?: {_MONEY})?$",
        rf"^{_PRICE} per (?:unit|piece|item)$|^unit (?:cost|value)$",
        r"^(?:prix unitaire|precio unitario|preco unitario|prezzo unitario)$",
    ),
    _hint(
        "line_amount",
        NUMERIC,
        rf"^(?:(?:line|net|gross|total|sub|extended|sales|payment|order|invoice|purchase|transaction) ?)?"
        rf"(?:{_AMOUNT}|{_PRICE})(?: (?:{_AMOUNT}|{_MONEY}|{_PRICE}|paid))?$",
        r"^(?:spend|spent|paid|amount paid|amount spent|total spent)$",
    ),
    _CONSENT,
    _PERSONAL,
    _hint("date", DATED, rf"\b{_ORDER} ?{_DAY}\b"),
    _hint("date", DATED, r"^(?:created|ordered|placed|bought|purchased)\b"),
    _hint(
        "date",
        DATED,
        rf"^(?!.*\b(?:ship|deliver|due|return|updat|birth|paid|fulfil|cancel)).*\b{_DAY}\b",
        r"date$",
    ),
    _hint(
        "product",
        NAMING,
        rf"^(?:{_THING}|material|stock) ?{_NUMBER}$|^line ?item (?:sku|name)$",
        r"^(?:sku|asin|ean|upc|gtin|isbn|stockcode|artikelnummer)$",
    ),
    _hint("product", TEXT, rf"^{_THING}s?(?: (?:name|title|description))?$|^description$|^bezeichnung$"),
    _hint(
        "category",
        TEXT,
        r"categor|\bdepartment\b|kategorie|warengruppe|\bbrand\b|product (?:type|group|line)",
    ),
)
"""For a log of order lines."""

TABLE_HINTS: Final = (
    _ID,
    _hint("id", NAMING, LONE_ID.pattern),
    _EMAIL,
    _CONSENT,
    *_WHO,
    _hint("since", DATED, r"\bsince\b|\bcreated\b|\bfirst (?:order|purchase|transaction)\b"),
    _hint("score", NUMERIC, r"\bscore|\brating\b"),
    _hint("discount", NUMERIC, rf"\b{_DISCOUNT}\b|\b(?:deals?|promos?|offers?)\b"),
    _hint(
        "recency",
        NUMERIC,
        r"^recency\b|\bdays since (?:the )?(?:last|order|purchase|transaction)\b|\btage seit\b",
    ),
    _hint(
        "frequency",
        NUMERIC,
        r"^(?:purchase )?frequency\b|\b(?:order|purchase|transaction) (?:count|frequency)\b",
        r"^(?:(?:num|number|no|count|total|anzahl|nb|nombre|numero)(?: of| de)? )?(?:\w+ )?"
        r"(?:orders|purchases|transactions|bestellungen|einkaufe|commandes|achats|pedidos|compras|ordini)"
        r"(?: (?:count|number))?$",
    ),
    _hint(
        "spend",
        NUMERIC,
        r"^mnt\b|\b(?:spend|spent|spending|monetary|turnover|revenue|ltv|clv|lifetime value)\b",
        r"\b(?:umsatz|ausgaben|gasto|depense)\b",
        rf"^(?:(?:total|net|gross|purchase|order) )?{_AMOUNT}(?: (?:amount|value|{_MONEY}))?$",
    ),
    _PERSONAL,
)
"""For a table with one row per customer."""
