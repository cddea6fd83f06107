using CoupaGateway.Sync;
using CoupaGateway.Sync.Runs;

namespace CoupaGateway.Rest;

/// <summary>A run as the REST API shows it.</summary>
/// <param name="Id">Name of the run, in its address.</param>
/// <param name="Mode">What was asked for: <c>full</c>, <c>delta</c>, <c>reconcile</c> or <c>retry</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Trigger">Why it was asked for: <c>manual</c>, <c>schedule</c>, or <c>missing</c> for a table that was missing or damaged.</param>
/// <param name="RequestedAt">When it was asked for (UTC).</param>
/// <param name="EndedAt">When its last table ended (UTC); null before.</param>
/// <param name="Tables">Its API tables.</param>
internal sealed record SyncResource(
    string Id, string Mode, string State, string Trigger, DateTimeOffset RequestedAt, DateTimeOffset? EndedAt, SyncTableResource[] Tables)
{
    public static SyncResource Of(SyncRun run) => new(
        run.Id,
        EnumNames.Of(run.Mode),
        EnumNames.Of(run.State),
        EnumNames.Of(run.Trigger),
        run.RequestedAt,
        run.IsOver ? run.Tables.Max(static table => table.EndedAt) : null,
        [.. run.Tables.Select(SyncTableResource.Of)]);

    /// <summary>The mode that a name stands for.</summary>
    internal static bool TryReadMode(string? name, out LoadMode mode)
    {
        mode = LoadMode.Delta;
        return name is null || (Enum.TryParse(name, ignoreCase: true, out mode) && string.Equals(EnumNames.Of(mode), name, StringComparison.OrdinalIgnoreCase));
    }
}
