using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Runs;

/// <summary>The records of a connection that could not be taken over in full.</summary>
internal sealed class DeadLetters(IDocumentStore documents, TimeProvider time)
{
    internal const string Collection = "dead-letters";

    // A list to be looked at, not a log.
    private const int Most = FindingsTally.MostKeys;

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string connection, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(connection, Collection, cancellationToken)).Values.Select(RunJson.Read<DeadLetter>).OfType<DeadLetter>()
            .OrderBy(static letter => letter.Table, StringComparer.Ordinal).ThenBy(static letter => letter.Key)];

    /// <summary>Takes over what a run of an API table has found.</summary>
    /// <param name="read">Tells whether a record was read again; what is found no more is then removed.</param>
    public async Task UpdateAsync(string connection, string table, FlattenFindings findings, Func<long, bool> read, CancellationToken cancellationToken)
    {
        var known = await documents.ListAsync(connection, Collection, cancellationToken);
        var found = findings.BadValues
            .SelectMany(static column => column.Keys.Select(key => (Key: key, Reason: column.Column is null
                ? $"An element of {column.Table} is no object."
                : $"A value does not fit {column.Table}.{column.Column}.")))
            .GroupBy(static one => one.Key)
            .ToDictionary(group => Name(table, group.Key), group => new DeadLetter(table, group.Key, string.Join(' ', group.Select(static one => one.Reason).Distinct()), time.GetUtcNow()));
        var mended = known.Where(entry => !found.ContainsKey(entry.Key) && RunJson.Read<DeadLetter>(entry.Value) is { } letter && letter.Table == table && read(letter.Key))
            .Select(static entry => entry.Key).ToArray();
        await documents.DeleteAsync(connection, Collection, mended, cancellationToken);
        foreach (var (name, letter) in found.Take(Math.Max(0, Most - known.Count + mended.Length)))
            await documents.SetAsync(connection, Collection, name, RunJson.Write(letter), cancellationToken);
    }

    private static string Name(string table, long key) => $"{table}/{key}";
}
