"""What column names say about roles, in the languages that shops write their exports in.

A name is split into lower-case words first (`CustomerID` and `customer_id` are both "customer id"). The first rule
that fits name and type wins; the order matters where names overlap ("Spending Score" is a score, not spend).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

NUMERIC: Final = ("integer", "number")
DATED: Final = ("date", "datetime")
NAMING: Final = ("integer", "text")
ANY: Final = ("integer", "number", "text", "date", "datetime", "flag")

_BUYER = (
    r"customer|client|cust|user|member|household|hh|buyer|shopper|consumer|account|contact|visitor|subscriber|"
    r"kunde|kunden|cliente|klant|acheteur|comprador|usuario|utente|debitor"
)
_NUMBER = r"unique id|id|ids|no|nr|num|number|code|key|ref|nummer|numero|num[eé]ro|kennung|hash"
_ORDER = (
    r"order|invoice|basket|transaction|trans|receipt|ticket|bill|sale|sales order|purchase|"
    r"bestell|bestellung|bestellungs|auftrag|auftrags|rechnung|rechnungs|beleg|bon|"
    r"commande|facture|pedido|factura|fatura|venta|venda|ordine|fattura|scontrino|bestelling|factuur"
)
_AMOUNT = (
    r"amount|value|total|sales|revenue|turnover|subtotal|betrag|umsatz|summe|gesamt|gesamtpreis|montant|importe|"
    r"monto|valor|receita|importo|bedrag|omzet|netto|brutto"
)
_PRICE = r"price|preis|prix|precio|preco|prezzo|prijs"
_DISCOUNT = r"discount|discounts|disc|rabatt|nachlass|remise|descuento|desconto|sconto|korting|coupon|voucher|markdown"

AMBIGUOUS_AMOUNT: Final = re.compile(
    rf"^(?:(?:{_PRICE}|amount|value|betrag|montant|importe|monto|valor|importo|bedrag)(?: (?:eur|usd|gbp|chf))?)$"
)
"""Names that do not say whether they are per piece or per line."""

LOOKS_LIKE_PRICE: Final = re.compile(rf"\b(?:{_PRICE})\b")
RATE: Final = re.compile(r"\b(?:rate|pct|percent|percentage|prozent|quote|share|ratio)\b")
DISCOUNT: Final = re.compile(rf"\b(?:{_DISCOUNT})\b")
COUNT: Final = re.compile(r"\b(?:num|number|no|count|anzahl|nb|orders|purchases)\b")
CODE: Final = re.compile(
    rf"(?:\b|_)(?:{_NUMBER}|zip|plz|postcode|postal|index|row|upc|ean)$|^(?:unnamed|index level)"
)
YEAR: Final = re.compile(r"\byear|jahr|annee|ano\b")
WHOLE_ORDER: Final = re.compile(r"\b(?:order|invoice|basket|grand) (?:total|amount|value)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A rule: a column whose name matches `pattern` and whose type is one of `types` has this role."""

    role: str
    pattern: re.Pattern[str]
    types: tuple[str, ...]


def _hint(role: str, pattern: str, types: tuple[str, ...] = ANY) -> Hint:
    return Hint(role=role, pattern=re.compile(pattern), types=types)


_PERSONAL: Final = (
    _hint("email", r"\be ?mail\b|\bemail", ("text",)),
    _hint(
        "consent", r"\bconsent|\bopt ?in\b|newsletter|einwilligung|\bgdpr\b|consentement|marketing allowed"
    ),
    _hint(
        "personal",
        r"\b(?:first|last|full|middle|given|family|sur|customer|client|user) ?names?\b|\bsurname\b|^names?$|\bvorname\b|"
        r"\bnachname\b|^nom$|\bprenom\b|\bnombre\b|\bapellidos?\b|\bcognome\b|\bphone|\bmobile\b|\btel\b|telefon|"
        r"\baddress|adresse|\bstreet\b|stra(?:ss|ß)e\b|\bdob\b|\bbirth ?(?:date|day)|\bdate of birth\b|geburts(?:tag|datum)|"
        r"\biban\b|passport|\bssn\b|\bip address\b",
    ),
)
_WHO: Final = (
    _hint("age", r"^(?:age|alter|edad|idade|eta|leeftijd)\b|\bcustomer age\b|\bage$", NUMERIC),
    _hint("gender", r"^(?:gender|genre|sex|geschlecht|sexe|sexo|genero|sesso|geslacht)$|\bgender\b"),
    _hint("country", r"\bcountry\b|^(?:land|pays|pais|paese|nation)$", ("text",)),
    _hint(
        "since",
        r"\b(?:customer|member|kunde|client|cliente) (?:since|from|seit|desde|depuis|dal)\b|^since$|\bjoin(?:ed)?\b|"
        r"sign ?up|\bregist|\benrol|\bdt customer\b|inscription|\balta\b|cadastro",
        DATED,
    ),
)
_FIRST: Final = _hint("since", r"\bsince\b|\bcreated\b|\bfirst (?:order|purchase|transaction)\b", DATED)
_ID: Final = _hint(
    "id",
    rf"^(?:(?:{_BUYER}) ?(?:{_NUMBER})|(?:{_BUYER})|kundennummer|kundennr|klantnummer|id (?:{_BUYER}))$",
    NAMING,
)

LOG_HINTS: Final = (
    _ID,
    _PERSONAL[0],
    _hint(
        "order",
        rf"^(?:(?:{_ORDER}) ?(?:{_NUMBER})|id (?:{_ORDER})|invoice|receipt|order|pedido|commande)$",
        NAMING,
    ),
    _hint("status", r"\bstatus\b|^(?:order )?state$", ("text", "flag")),
    *_WHO,
    _hint("discount", rf"\b(?:{_DISCOUNT})\b", NUMERIC),
    _hint(
        "quantity",
        r"^(?:quantity|qty|quantities|pieces|units|items|menge|anzahl|stuck|stueck|quantite|qte|cantidad|cant|quantidade|"
        r"qtd|quantita|aantal)\b|\b(?:quantity|qty)$|\bunits sold\b",
        NUMERIC,
    ),
    _hint(
        "unit_price",
        rf"^(?:unit|item|list|piece|single|stuck|einzel|product|selling|sales?)? ?(?:{_PRICE})(?: per (?:unit|piece))?"
        r"(?: (?:eur|usd|gbp|chf))?$|^prix unitaire$|^precio unitario$|^preco unitario$|^prezzo unitario$|"
        r"^(?:einzel|stuck)preis\b|^unit (?:cost|value)$",
        NUMERIC,
    ),
    _hint(
        "line_amount",
        rf"^(?:line|net|gross|total|sub|extended|sales|payment|order|invoice|purchase|transaction)? ?(?:{_AMOUNT}|{_PRICE})"
        rf"(?: (?:{_AMOUNT}|eur|usd|gbp|chf|paid|price))?$|^(?:spend|spent|paid|amount paid|amount spent|total spent)$",
        NUMERIC,
    ),
    *_PERSONAL[1:],
    _hint(
        "date",
        r"\b(?:date|datetime|timestamp|datum|fecha|data|time|zeit|day|tag|jour|dia|giorno|at|on)\b|date",
        DATED,
    ),
    _hint(
        "product",
        rf"^(?:product|item|article|artikel|material|stock|produkt|produit|producto|produto|prodotto) ?(?:{_NUMBER})$|"
        r"^(?:sku|asin|ean|upc|gtin|isbn|stockcode|artikelnummer)$",
        NAMING,
    ),
    _hint(
        "product",
        r"^(?:product|item|article|artikel|produkt|produit|producto|produto|prodotto)s?(?: ?(?:name|title|description))?$|"
        r"^description$|^bezeichnung$",
        ("text",),
    ),
    _hint(
        "category",
        r"category|\bdepartment\b|kategorie|warengruppe|categori|\bbrand\b|product (?:type|group|line)",
        ("text",),
    ),
)
"""For a log of order lines."""

TABLE_HINTS: Final = (
    _ID,
    _hint("id", r"^(?:id|uid|uuid|guid|nr)$", NAMING),
    *_PERSONAL[:2],
    *_WHO,
    _FIRST,
    _hint("score", r"\b(?:score|rating)\b|\bscore", NUMERIC),
    _hint("discount", rf"\b(?:{_DISCOUNT}|deals?|promos?|offers?)\b", NUMERIC),
    _hint(
        "recency",
        r"^recency\b|\bdays since (?:the )?(?:last )?(?:order|purchase|transaction)\b|\bdays since last\b|\btage seit\b",
        NUMERIC,
    ),
    _hint(
        "frequency",
        rf"^frequency$|^(?:(?:num|number|no|count|total|anzahl|nb|nombre|numero)(?: of| de)? ?)?(?:\w+ )?"
        r"(?:orders|purchases|transactions|bestellungen|einkaufe|commandes|achats|pedidos|compras|ordini|acquisti)"
        r"(?: (?:count|number))?$|\b(?:order|purchase|transaction) (?:count|frequency)\b|^purchase frequency\b",
        NUMERIC,
    ),
    _hint(
        "spend",
        rf"^mnt\b|\b(?:spend|spent|spending|monetary|umsatz|turnover|revenue|ltv|clv|lifetime value|ausgaben|gasto|depense)\b|"
        rf"^(?:total|net|gross|purchase|order)? ?(?:{_AMOUNT})(?: (?:amount|value|spent|spend))?$",
        NUMERIC,
    ),
    *_PERSONAL[2:],
)
"""For a table with one row per customer."""


def words(name: str) -> str:
    """A column name as lower-case words without accents: `CustomerID` and `customer_id` become "customer id"."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("%", " percent")).encode("ascii", "ignore").decode()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return " ".join(re.findall(r"[a-z]+|\d+", split.lower()))
