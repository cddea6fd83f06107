using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Tables;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Feed;

/// <summary>
/// Entity tags. A tag is a digest of all that an answer is made of: the request, the schema as the caller sees it, the state of the tables, this build of
/// the gateway. All gateways give the same. Weak, because compression changes the bytes.
/// </summary>
internal sealed class FeedTags(ISnapshotCatalog catalog)
{
    private const int DigestBytes = 16;

    /// <summary>Options that look at no other table, unless their value has a path in it.</summary>
    private static readonly HashSet<string> OwnTableOptions = new(StringComparer.Ordinal)
    {
        QueryOptionSet.Select, QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Count, QueryOptionSet.SkipToken, QueryOptionSet.Format, QueryOptionSet.SchemaVersion,
        QueryOptionSet.Search, QueryOptionSet.Compute, QueryOptionSet.Apply,
    };

    /// <summary>Another build may answer the same request in another way.</summary>
    private static readonly string Build = typeof(FeedTags).Module.ModuleVersionId.ToString("N");

    /// <summary>The tag of what depends on the schema only: service document and <c>$metadata</c>.</summary>
    /// <param name="format">The format of the answer.</param>
    public static string OfDocument(FeedRequest request, string format) => Digest(request, format, []);

    /// <summary>The tag of rows, their number or a download of them; null where the answer changes although no table does.</summary>
    /// <param name="format">The format of the answer.</param>
    public string? OfRows(FeedRequest request, TableSchema table, string format)
    {
        if (ChangesByItself(request, table))
            return null;

        // A page token names the version that it reads, and is part of the request.
        return !ReadsOneTable(request, table) ? Digest(request, format, catalog.ListCurrent(request.Connection))
            : request.Query[QueryOptionSet.SkipToken] is null && catalog.FindCurrent(new(request.Connection, table.Name)) is { } current ? Digest(request, format, [current])
            : Digest(request, format, []);
    }

    /// <summary>The tag of one row: it stays while the chunks that can hold the row stay.</summary>
    /// <param name="format">The format of the answer.</param>
    public string? OfRow(FeedRequest request, TableSnapshot snapshot, long key, string format) =>
        ChangesByItself(request, snapshot.Table) ? null
        : !ReadsOneTable(request, snapshot.Table) ? Digest(request, format, catalog.ListCurrent(request.Connection))
        : request.Preferences.Includes(RowAnnotations.Watermark) ? Digest(request, format, [snapshot.Manifest])
        : Digest(request, format, [], snapshot.WithKey(key).Select(static chunk => chunk.Hash));

    /// <summary>The state of the tables is made up on the spot, and a condition may look at the clock. "now" in any other sense costs a tag, nothing else.</summary>
    private static bool ChangesByItself(FeedRequest request, TableSchema table) =>
        ReferenceEquals(table, SystemTables.Meta) || LooksAtClock(request);

    /// <summary>Whether a condition may look at the clock.</summary>
    public static bool LooksAtClock(FeedRequest request) =>
        Uri.UnescapeDataString(request.Http.Request.QueryString.Value ?? string.Empty).Contains("now", StringComparison.OrdinalIgnoreCase);

    /// <summary>Paths that lead from rows to other rows look at the tables of both.</summary>
    private static bool ReadsOneTable(FeedRequest request, TableSchema table) =>
        !NamesNestedRows(request, table)
        && request.Path.Split('/') is [_] or [_, "%24count" or "%24ref"]
        && request.Query.Values.All(static option => (OwnTableOptions.Contains(option.Key) || option.Key.StartsWith('@')) && (option.Key == QueryOptionSet.Format || !option.Value.Contains('/', StringComparison.Ordinal)));

    /// <summary>What is aggregated of nested rows has no path: <c>aggregate(invoice_lines(total with sum as t))</c>.</summary>
    private static bool NamesNestedRows(FeedRequest request, TableSchema table) =>
        request.Query[QueryOptionSet.Apply] is { } apply
        && request.Model.Edm.EntityContainer.FindEntitySet(table.Name).EntityType.NavigationProperties().Any(property => apply.Contains(property.Name, StringComparison.Ordinal));

    private static string Digest(FeedRequest request, string format, IEnumerable<TableManifest> tables, IEnumerable<string>? chunks = null)
    {
        var text = new StringBuilder()
            .Append(Build).Append('\n')
            .Append(request.Root).Append('\n')
            .Append(request.Path).Append('\n')
            .Append(request.Http.Request.QueryString.Value).Append('\n')
            .Append(request.Schema.Fingerprint).Append('\n')
            .Append(request.Version).Append(' ').Append(format).Append('\n')
            .Append(request.Preferences.Applied(pageSize: 0, tracks: true)).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{request.Preferences.MaxPageSize} {request.MaxPageSize} {request.Options.DefaultPageSize}");
        foreach (var table in tables)
            text.Append(CultureInfo.InvariantCulture, $"\n{table.Table.Table} {table.Version} {table.CommittedAt.UtcTicks}");
        text.Append('\n').AppendJoin(' ', chunks ?? []);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, DigestBytes);
        return $"W/\"{Base64Url.EncodeToString(digest)}\"";
    }
}
