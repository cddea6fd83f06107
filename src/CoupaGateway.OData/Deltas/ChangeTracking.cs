using System.Text;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Query;
using CoupaGateway.Schema;

namespace CoupaGateway.OData.Deltas;

/// <summary>Which results can be followed by what changes in them, and the links for it.</summary>
internal static class ChangeTracking
{
    /// <summary>Options of a first request that the changes do not heed: where in the result they stand does not matter.</summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        QueryOptionSet.OrderBy, QueryOptionSet.Top, QueryOptionSet.Skip, QueryOptionSet.Count, QueryOptionSet.SkipToken, QueryOptionSet.DeltaToken,
    };

    /// <summary>Rows of the table tell when they have changed.</summary>
    public static bool IsSupported(TableSchema table) => table.Columns.Any(static column => column.Kind == ColumnKind.ChangedAt) && !SystemTables.All.Contains(table);

    /// <summary>
    /// Whether the client wants changes, and can have them: of a whole table or of the rows that a condition on it picks. A preference that cannot be met is
    /// passed over, as the standard has it.
    /// </summary>
    public static bool Applies(FeedRequest request, CollectionQuery query) =>
        (request.Preferences.TrackChanges || query.Token is { Tracks: true })
        && IsSupported(query.Table)
        && query is { Related.IsEmpty: true, Expand.Levels.IsEmpty: true, IsReference: false, Remaining: null }
        && request.Query[QueryOptionSet.Skip] is null
        && !request.Path.Contains('/', StringComparison.Ordinal)
        && !request.Path.Contains("%28", StringComparison.Ordinal)
        && !FeedTags.LooksAtClock(request)
        && !CollectionResponder.HasNoNextLink(request);

    /// <summary>Address of what changes after the version that was read.</summary>
    public static string Link(FeedRequest request, Snapshots.Manifests.TableManifest read)
    {
        var link = new StringBuilder(request.Root).Append('/').Append(request.Path).Append('?');
        foreach (var (name, value) in request.Query.Raw)
        {
            if (!Dropped.Contains(name))
                link.Append(name.StartsWith('$') ? name : Uri.EscapeDataString(name)).Append('=').Append(value).Append('&');
        }

        return link.Append(QueryOptionSet.DeltaToken).Append('=').Append(DeltaTokenCodec.Encode(read, request.Path, request.Query)).ToString();
    }
}
