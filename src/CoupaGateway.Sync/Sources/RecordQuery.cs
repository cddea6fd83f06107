using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Sources;

/// <summary>Which records of a resource to read, and what of them.</summary>
internal sealed record RecordQuery
{
    // Coupa's times are compared in whole seconds.
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static RecordQuery All { get; } = new();

    /// <summary>Further query parameters, unescaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Filters { get; private init; } = [];

    /// <summary>The projection; null asks for what the tables take.</summary>
    public string? Fields { get; private init; }

    /// <summary>Records that changed in a window of time, both ends included.</summary>
    /// <param name="field">The resource's watermark, such as <c>updated_at</c>.</param>
    public static RecordQuery ChangedWithin(string field, DateTimeOffset from, DateTimeOffset to) => new()
    {
        Filters =
        [
            new($"{field}[gt_or_eq]", from.UtcDateTime.ToString(Instant)),
            new($"{field}[lt_or_eq]", to.UtcDateTime.ToString(Instant)),
        ],
    };

    /// <summary>Nothing but the keys of all records.</summary>
    public static RecordQuery KeysOf(TableSchema apiTable)
    {
        var key = KeyPath(apiTable);
        return new() { Fields = key is ["id"] ? """["id"]""" : $$"""["id",{"{{key[0]}}":["{{key[1]}}"]}]""" };
    }

    /// <summary>The records with these keys.</summary>
    public static RecordQuery WithKeys(TableSchema apiTable, IEnumerable<long> keys)
    {
        var key = KeyPath(apiTable);
        return new() { Filters = [new($"{key[0]}{string.Concat(key.Skip(1).Select(static segment => $"[{segment}]"))}[in]", string.Join(',', keys))] };
    }

    private static string[] KeyPath(TableSchema apiTable) => [.. apiTable.Key[0].Path.Select(static segment => segment.Replace('-', '_'))];
}
