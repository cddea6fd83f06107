using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Values;

/// <summary>Tells from a field's name what its values look like.</summary>
internal static class FlavorPicker
{
    public static ValueFlavor Pick(string owner, string name, FieldKind kind, string[] values) => kind switch
    {
        FieldKind.Integer when name == "id" => ValueFlavor.Id,
        FieldKind.Integer when values.Length > 0 => ValueFlavor.EnumValue,
        FieldKind.Integer when name.EndsWith("-id", StringComparison.Ordinal) => ValueFlavor.Reference,
        FieldKind.Integer => ValueFlavor.Count,
        FieldKind.Decimal => PickDecimal(name),
        FieldKind.Boolean => ValueFlavor.Flag,
        FieldKind.Date => ValueFlavor.Day,
        FieldKind.DateTime => name switch
        {
            "created-at" => ValueFlavor.CreatedAt,
            "updated-at" => ValueFlavor.UpdatedAt,
            _ => ValueFlavor.Moment,
        },
        _ => PickString(owner, name, values),
    };

    private static ValueFlavor PickDecimal(string name)
    {
        if (Has(name, "pct") || Has(name, "percent") || Has(name, "rate"))
            return ValueFlavor.Percent;
        return Has(name, "quantity") || Has(name, "qty") || Has(name, "weight") || Has(name, "increment") || Has(name, "bound") || Has(name, "hrs")
            ? ValueFlavor.Quantity
            : ValueFlavor.Amount;
    }

    private static ValueFlavor PickString(string owner, string name, string[] values)
    {
        if (values.Length > 0)
            return ValueFlavor.EnumValue;
        switch (owner, name)
        {
            case ("Currency", "code"): return ValueFlavor.CurrencyCode;
            case ("Currency", "name"): return ValueFlavor.CurrencyName;
            case ("Currency", "symbol"): return ValueFlavor.CurrencySymbol;
            case ("Country", "code"): return ValueFlavor.CountryCode;
            case ("Country", "name" or "translated-name"): return ValueFlavor.CountryName;
            case ("Uom", "code"): return ValueFlavor.UnitCode;
            case ("Uom", "name"): return ValueFlavor.UnitName;
            case ("Supplier", "name" or "display-name"): return ValueFlavor.CompanyName;
            case (_, "created-at" or "updated-at"): return ValueFlavor.TimeText;
            case (_, "firstname" or "name-given" or "middlename"): return ValueFlavor.FirstName;
            case (_, "lastname" or "name-family"): return ValueFlavor.LastName;
            case (_, "fullname" or "name-fullname" or "contact-name" or "user-full-name"): return ValueFlavor.PersonName;
            case (_, "login" or "mention-name"): return ValueFlavor.Login;
            case (_, "city"): return ValueFlavor.City;
            case (_, "state" or "state-iso-code"): return ValueFlavor.State;
            case (_, "postal-code"): return ValueFlavor.PostalCode;
        }

        if (Has(name, "email"))
            return ValueFlavor.Email;
        if (Has(name, "phone") || Has(name, "fax"))
            return ValueFlavor.Phone;
        if (Has(name, "url") || name is "website" or "file")
            return ValueFlavor.Url;
        if (name.StartsWith("street", StringComparison.Ordinal))
            return ValueFlavor.Street;
        if (Has(name, "supplier-name") || Has(name, "company") || Has(name, "issuer-name"))
            return ValueFlavor.CompanyName;
        if (name.EndsWith("-name", StringComparison.Ordinal) || name == "name")
            return name.Contains("representative", StringComparison.Ordinal) ? ValueFlavor.PersonName : ValueFlavor.Name;
        if (Has(name, "description") || Has(name, "note") || Has(name, "comment") || Has(name, "message") || Has(name, "terms") || Has(name, "text"))
            return ValueFlavor.Text;
        if (Has(name, "num") || Has(name, "reference") || Has(name, "identity") || Has(name, "uuid"))
            return ValueFlavor.Number;
        return Has(name, "code") || Has(name, "segment") ? ValueFlavor.Code : ValueFlavor.Word;
    }

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.Ordinal);
}
