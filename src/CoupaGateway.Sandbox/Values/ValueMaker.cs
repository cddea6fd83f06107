using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Tenants;

namespace CoupaGateway.Sandbox.Values;

/// <summary>
/// Makes the value of any scalar field that no rule of the tenant decides: a function of the record's seed and the field. The one
/// place where values are invented.
/// </summary>
internal static class ValueMaker
{
    private const long Day = 86_400;

    // Most fields of a real record are empty.
    private const int AbsentPercent = 8;
    private const int EmptyPercent = 60;

    public static Scalar Make(Node node, ApiField field)
    {
        var hash = Hashing.Mix(node.Seed, field.Hash);
        switch (field.Flavor)
        {
            case ValueFlavor.Id: return Scalar.Integer(node.Id);
            case ValueFlavor.CreatedAt: return Scalar.Instant(node.Created);
            case ValueFlavor.UpdatedAt: return Scalar.Instant(node.Updated);
        }

        if (!IsNaming(field))
        {
            var share = (long)(hash % 100);
            if (share < AbsentPercent)
                return Scalar.Absent;
            if (share < EmptyPercent)
                return Scalar.Null;
        }

        return Value(node, field, field.ChangeOf, Hashing.Mix(hash, 7));
    }

    /// <summary>A value that is never null; both sides of a change are made with it.</summary>
    public static Scalar Value(Node node, ApiField field, FieldKind kind, ulong hash)
    {
        switch (kind)
        {
            case FieldKind.Boolean: return Scalar.Boolean((hash & 1) == 1);
            case FieldKind.Integer: return Scalar.Integer(Whole(node, field, hash));
            case FieldKind.Decimal:
                return field.Flavor switch
                {
                    ValueFlavor.Percent => Scalar.Decimal(Hashing.Below(hash, 10_000)),
                    ValueFlavor.Quantity => Scalar.Decimal(1_000 + Hashing.Below(hash, 5_000_000), 4),
                    _ => Scalar.Decimal(Hashing.Below(hash, 5_000_000)),
                };
            case FieldKind.DateTime: return Scalar.Instant(Moment(node, hash));
            case FieldKind.Date: return Scalar.Day(Moment(node, hash) / Day * Day);
            default: return Scalar.String(Text(node, field, hash));
        }
    }

    /// <summary>The given name of the person with this seed.</summary>
    public static string FirstName(ulong seed) => Words.Pick(Words.First, Hashing.Mix(seed, 11));

    /// <summary>The family name of the person with this seed.</summary>
    public static string LastName(ulong seed) => Words.Pick(Words.Last, Hashing.Mix(seed, 12));

    /// <summary>The login of a person; unique by the id.</summary>
    public static string Login(ulong seed, long id) =>
        string.Create(null, $"{Plain(FirstName(seed))}.{Plain(LastName(seed))}{id}").ToLowerInvariant();

    /// <summary>The name of a company; unique by the id.</summary>
    public static string CompanyName(ulong seed, long id) =>
        $"{Words.Pick(Words.Company, Hashing.Mix(seed, 13))} {Words.Pick(Words.Trade, Hashing.Mix(seed, 14))} {id} {Words.Pick(Words.Legal, Hashing.Mix(seed, 15))}";

    private static bool IsNaming(ApiField field) => field.Name is "name" or "code" or "number" or "login" or "fullname" or "line-num" or "revision";

    private static long Moment(Node node, ulong hash) => node.Created + Hashing.Below(hash, Math.Max(1, node.Updated - node.Created + 1));

    private static long Whole(Node node, ApiField field, ulong hash) => field.Flavor switch
    {
        ValueFlavor.Id => node.Id,
        ValueFlavor.EnumValue => long.TryParse(field.Values[(int)(hash % (ulong)field.Values.Count)], out var listed)
            ? listed
            : Hashing.Below(hash, field.Values.Count),
        ValueFlavor.Reference => 1 + Hashing.Below(hash, 5_000),
        _ => Hashing.Below(hash, 100),
    };

    private static string Text(Node node, ApiField field, ulong hash) => field.Flavor switch
    {
        ValueFlavor.EnumValue => field.Values[(int)(hash % (ulong)field.Values.Count)],
        ValueFlavor.FirstName => FirstName(node.Seed),
        ValueFlavor.LastName => LastName(node.Seed),
        ValueFlavor.PersonName => $"{FirstName(node.Seed)} {LastName(node.Seed)}",
        ValueFlavor.Login => Login(node.Seed, node.Id),
        ValueFlavor.Email => $"{Login(node.Seed, node.Id)}@example.com",
        ValueFlavor.CompanyName => CompanyName(node.Seed, node.Id),
        ValueFlavor.Phone => $"+1-555-01{hash % 100:00}",
        ValueFlavor.Url => $"https://example.com/{field.Name}/{node.Id}",
        ValueFlavor.Street => $"{1 + (hash % 200)} {Words.Pick(Words.Streets, Hashing.Mix(hash, 2))}",
        ValueFlavor.City => Words.Pick(Words.Cities, hash),
        ValueFlavor.State => Words.Pick(Words.States, hash),
        ValueFlavor.PostalCode => $"{10_000 + (hash % 80_000)}",
        ValueFlavor.CurrencyCode => Nth(Words.CurrencyCodes, node.Id),
        ValueFlavor.CurrencyName => Nth(Words.CurrencyNames, node.Id),
        ValueFlavor.CurrencySymbol => Nth(Words.CurrencySymbols, node.Id),
        ValueFlavor.CountryCode => Nth(Words.CountryCodes, node.Id),
        ValueFlavor.CountryName => Nth(Words.CountryNames, node.Id),
        ValueFlavor.UnitCode => Nth(Words.UnitCodes, node.Id),
        ValueFlavor.UnitName => Nth(Words.UnitNames, node.Id),
        ValueFlavor.Name => $"{Words.Pick(Words.Company, hash)} {Words.Pick(Words.Nouns, Hashing.Mix(hash, 2))} {node.Id}",
        ValueFlavor.Code => $"{(char)('A' + (hash % 26))}{node.Id % 100_000:00000}",
        ValueFlavor.Number => $"{node.Id:000000}-{hash % 1000:000}",
        ValueFlavor.Text => Words.Pick(Words.Sentences, hash),
        ValueFlavor.TimeText => DateTimeOffset.FromUnixTimeSeconds(node.Created).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        _ => Words.Pick(Words.Common, hash),
    };

    private static string Nth(string[] list, long id) => list[(id - 1) % list.Length];

    // A login is plain ASCII.
    private static string Plain(string name)
    {
        Span<char> kept = stackalloc char[name.Length];
        var length = 0;
        foreach (var c in name)
        {
            if (char.IsAsciiLetter(c))
                kept[length++] = c;
        }

        return new string(kept[..length]);
    }
}
