using System.Text.Json;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>Keeps what loads of all processes found of personal data: counts only, one document for each API table of a connection.</summary>
internal sealed class PseudonymFindingsStore(IDocumentStore documents, TimeProvider time) : IPseudonymFindings
{
    internal const string Collection = "pseudonyms";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<IReadOnlyList<PseudonymFindings>> ListAsync(string connection, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(connection, Collection, cancellationToken)).OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => Read(one.Value)).OfType<PseudonymFindings>()];

    /// <summary>Takes in what a run found.</summary>
    /// <param name="mode">A full load replaces what was known; others add to it.</param>
    public async Task UpdateAsync(string connection, string apiTable, LoadMode mode, FlattenFindings findings, CancellationToken cancellationToken)
    {
        if (mode == LoadMode.Reconcile || (mode != LoadMode.Full && findings.Pseudonyms.IsEmpty && findings.PersonalValues.IsEmpty))
            return;

        var found = new PseudonymFindings(findings.Pseudonyms, findings.PersonalValues, time.GetUtcNow());
        if (mode != LoadMode.Full && Read(await documents.FindAsync(connection, Collection, apiTable, cancellationToken)) is { } known)
            found = known.Add(found);
        await documents.SetAsync(connection, Collection, apiTable, JsonSerializer.Serialize(found, Json), cancellationToken);
    }

    private static PseudonymFindings? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<PseudonymFindings>(text, Json);
        }
        catch (JsonException)
        {
            return null; // a newer gateway's
        }
    }
}
