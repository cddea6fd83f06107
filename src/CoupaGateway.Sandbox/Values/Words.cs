namespace CoupaGateway.Sandbox.Values;

/// <summary>The vocabulary of the made-up values. The people and companies do not exist.</summary>
internal static class Words
{
    public static readonly string[] First =
    [
        "Ada", "Bruno", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Katja", "Liam", "Mei", "Nils", "Olga", "Pablo",
        "Quentin", "Rosa", "Søren", "Tara", "Umut", "Vera", "Wanda", "Xenia", "Yusuf", "Zoë", "Anaïs", "Björn", "Chloé", "Dieter", "Emil", "Fiona",
    ];

    public static readonly string[] Last =
    [
        "Abbott", "Brandt", "Castillo", "Dubois", "Eriksen", "Fischer", "Gallo", "Hansen", "Ito", "Jansen", "Kowalski", "Lindqvist", "Müller", "Nakamura",
        "O'Neill", "Petrov", "Quist", "Rossi", "Schäfer", "Tanaka", "Ulrich", "Vargas", "Weber", "Xu", "Yilmaz", "Zimmer", "Novák", "Sánchez",
    ];

    public static readonly string[] Company =
    [
        "Alpine", "Baltic", "Cobalt", "Delta", "Evergreen", "Falcon", "Granite", "Harbor", "Iris", "Juniper", "Keystone", "Lumen", "Meridian", "Nordic",
        "Orchard", "Pioneer", "Quartz", "Ridge", "Summit", "Tidal", "Umber", "Vertex", "Willow", "Zenith",
    ];

    public static readonly string[] Trade =
    [
        "Supplies", "Logistics", "Packaging", "Components", "Software", "Consulting", "Chemicals", "Office", "Tools & Parts", "Metals", "Energy", "Catering",
    ];

    public static readonly string[] Legal = ["Inc.", "GmbH", "Ltd", "S.A.", "B.V.", "AG", "LLC", "S.p.A."];

    public static readonly string[] Common =
    [
        "standard", "express", "primary", "internal", "external", "regional", "global", "seasonal", "interim", "shared", "direct", "managed", "mixed", "open",
        "local", "remote", "central", "bulk", "single", "dual",
    ];

    public static readonly string[] Nouns =
    [
        "Laptop", "Monitor", "Bearing", "Valve", "Pallet", "Gasket", "License", "Service", "Cable", "Adapter", "Helmet", "Paper", "Toner", "Chair", "Desk",
        "Pump", "Filter", "Sensor", "Resin", "Carton",
    ];

    public static readonly string[] Sentences =
    [
        "Delivered in part", "Please check the quantity", "Agreed by phone", "See the attached sheet", "Price \"as quoted\"", "Urgent: line stopped",
        "Includes freight", "Replaces the earlier request", "Split between two cost centers", "Zahlung nach Prüfung", "Reçu incomplet", "数量を確認してください",
    ];

    public static readonly string[] Streets = ["Main Street", "Harbour Road", "Mill Lane", "Kaiserstraße", "Rue du Port", "Via Roma", "Oak Avenue", "Station Road"];

    public static readonly string[] Cities = ["Zürich", "Rotterdam", "Lyon", "Milano", "Chicago", "Austin", "München", "Osaka", "Porto", "Leeds", "Gdańsk", "Toronto"];

    public static readonly string[] States = ["ZH", "ZH", "IL", "TX", "BY", "ON", "CA", "NY"];

    public static readonly string[] CurrencyCodes = ["USD", "EUR", "GBP", "JPY", "CHF", "SEK", "CAD", "AUD", "PLN", "BRL"];

    public static readonly string[] CurrencyNames =
        ["US Dollar", "Euro", "Pound Sterling", "Yen", "Swiss Franc", "Swedish Krona", "Canadian Dollar", "Australian Dollar", "Zloty", "Brazilian Real"];

    public static readonly string[] CurrencySymbols = ["$", "€", "£", "¥", "CHF", "kr", "C$", "A$", "zł", "R$"];

    public static readonly string[] CountryCodes = ["US", "DE", "GB", "JP", "CH", "SE", "CA", "AU", "PL", "BR", "FR", "IT"];

    public static readonly string[] CountryNames =
        ["United States", "Germany", "United Kingdom", "Japan", "Switzerland", "Sweden", "Canada", "Australia", "Poland", "Brazil", "France", "Italy"];

    public static readonly string[] UnitCodes = ["EA", "HR", "KG", "BX", "M", "L", "DAY", "PK"];

    public static readonly string[] UnitNames = ["Each", "Hour", "Kilogram", "Box", "Metre", "Litre", "Day", "Pack"];

    public static string Pick(string[] words, ulong hash) => words[Hashing.Below(hash, words.Length)];
}
