using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Tests.Flattening;

/// <summary>Flattens slowly and plainly, over a document tree, by the same rules: what the fast one is held against.</summary>
internal sealed class ReferenceFlattener(IReadOnlyList<TableSchema> family)
{
    private readonly HashSet<long> _known = [];

    public Dictionary<string, List<(long[] Key, string Row)>> Rows { get; } = family.ToDictionary(static table => table.Name, static _ => new List<(long[], string)>());

    public void Add(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var record in document.RootElement.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object || OwnKey(family[0], record) is not { } key || !_known.Add(key))
                continue;

            AddRow(family[0], record, [], 0);
        }
    }

    public List<string> Sorted(string table) =>
        [.. Rows[table].OrderBy(static row => row.Key, Comparer<long[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))).Select(static row => row.Row)];

    private static long? OwnKey(TableSchema table, JsonElement element) =>
        table.Columns.FirstOrDefault(static column => column is { IsKey: true, Kind: ColumnKind.Field }) is { } column
            && Find(element, column.Path) is { } value && Convert(ColumnType.Int64, value) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private void AddRow(TableSchema table, JsonElement element, long[] above, long position)
    {
        var hasId = table.Columns.Any(static column => column is { IsKey: true, Kind: ColumnKind.Field });
        var own = hasId ? OwnKey(table, element) ?? -(1 + position) : position;
        long[] key = [.. above, own];
        if (Rows[table.Name].Exists(row => row.Key.AsSpan().SequenceEqual(key)))
            return;

        var values = table.Columns.Select(column => column.Kind switch
        {
            ColumnKind.AncestorKey => $"{above[table.Ancestors.IndexOf(column.Ancestor!)]}",
            ColumnKind.Position => $"{position}",
            ColumnKind.ChangedAt => $"{FlattenBench.ChangedAt.ToUnixTimeMilliseconds() * 1_000}",
            _ when column.IsKey => $"{own}",
            _ => Find(element, column.Path) is { } value ? Convert(column.Type, value) ?? "∅" : "∅",
        });
        Rows[table.Name].Add((key, string.Join('|', values)));
        foreach (var nested in family.Where(nested => nested.Parent == table.Name))
        {
            if (Find(element, nested.NestedPath) is not { } found)
                continue;

            if (found.ValueKind == JsonValueKind.Object)
            {
                AddRow(nested, found, key, 0);
            }
            else if (found.ValueKind == JsonValueKind.Array)
            {
                foreach (var (i, inner) in found.EnumerateArray().Index().Where(static item => item.Item.ValueKind == JsonValueKind.Object))
                    AddRow(nested, inner, key, i);
            }
        }
    }

    private static JsonElement? Find(JsonElement element, IEnumerable<string> path)
    {
        foreach (var key in path)
        {
            if (element.ValueKind != JsonValueKind.Object)
                return null;

            var matches = element.EnumerateObject().Where(property => property.Name.Replace('-', '_') == key.Replace('-', '_')).ToArray();
            if (matches.Length == 0)
                return null;

            element = matches[^1].Value;
        }

        return element;
    }

    private static string? Convert(ColumnType type, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)
            return null;

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return type switch
        {
            ColumnType.String => text,
            ColumnType.Boolean => text.ToLowerInvariant() switch { "true" or "yes" or "1" => "true", "false" or "no" or "0" => "false", _ => null },
            ColumnType.Int64 => Scaled(text) is { } scaled && scaled % BigInteger.Pow(10, 12) == 0 && scaled / BigInteger.Pow(10, 12) is var whole
                && whole >= long.MinValue && whole <= long.MaxValue ? whole.ToString(CultureInfo.InvariantCulture) : null,
            ColumnType.Decimal => Scaled(text) is { } scaled ? Print(scaled) : null,
            ColumnType.DateTime => Instant(text) is { } instant ? $"{(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10}" : null,
            _ => Instant(text) is { } instant ? $"{DateOnly.FromDateTime(instant.DateTime).DayNumber - new DateOnly(1970, 1, 1).DayNumber}" : null,
        };
    }

    private static BigInteger? Scaled(string text)
    {
        var match = Regex.Match(text, @"\A(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)([eE](?<exponent>[+-]?\d{1,3}))?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
        if (!match.Success || match.Groups["whole"].Length + match.Groups["fraction"].Length == 0)
            return null;

        var digits = BigInteger.Parse($"0{match.Groups["whole"].Value}{match.Groups["fraction"].Value}", CultureInfo.InvariantCulture);
        var shift = 12 - match.Groups["fraction"].Length + (match.Groups["exponent"].Success ? int.Parse(match.Groups["exponent"].Value, CultureInfo.InvariantCulture) : 0);
        var scaled = shift >= 0 ? digits * BigInteger.Pow(10, shift) : digits / BigInteger.Pow(10, -shift);
        if ((shift < 0 && digits % BigInteger.Pow(10, -shift) != 0) || scaled >= BigInteger.Pow(10, 38))
            return null;

        return match.Groups["sign"].Value == "-" ? -scaled : scaled;
    }

    private static string Print(BigInteger scaled)
    {
        var digits = BigInteger.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(13, '0');
        return $"{(scaled < 0 ? "-" : "")}{digits[..^12]}.{digits[^12..]}";
    }

    private static DateTimeOffset? Instant(string text) => DateTimeOffset.TryParseExact(
        text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
