using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync.Sources;

/// <summary>Reads a page of the newest records of a resource, to learn what records look like.</summary>
internal sealed class NewestRecords(IRecordSourceFactory sources)
{
    /// <summary>Ids before the last one in which they are looked for: there are gaps between ids.</summary>
    private const long Ids = 500;

    /// <summary>
    /// First the page as the table asks for it, then as the instance gives it by default: a projection hides what it does not name. Four requests; nothing when there are no
    /// records. The caller disposes the pages.
    /// </summary>
    public async IAsyncEnumerable<(RecordPage Page, bool IsAsGiven)> ReadAsync(ConnectionConfig connection, TableSchema root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = sources.Create(connection, root, RecordQuery.All);
        if (await source.ProbeRangeAsync(cancellationToken) is not { } all)
            yield break;

        var range = all with { First = Math.Max(all.First, all.Last - Ids) };
        if (await FirstAsync(source, range, cancellationToken) is { } asked)
            yield return (asked, false);

        var asGiven = sources.Create(connection, root with { Resource = root.Resource! with { Projection = null } }, RecordQuery.All);
        if (await FirstAsync(asGiven, range, cancellationToken) is { } given)
            yield return (given, true);
    }

    private static async Task<RecordPage?> FirstAsync(IRecordSource source, IdRange range, CancellationToken cancellationToken)
    {
        await foreach (var page in source.ReadAsync(range, cancellationToken))
            return page;
        return null;
    }
}
