using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>
/// Draws the window of time that a run reads, and finds the ids in it. By this machine's clock, as long as it shows the time of the source; else by the source's, whose times
/// the records bear: a window that ended in what is still to come would leave out what happens until then (docs/decisions/0018-whose-clock.md).
/// </summary>
internal sealed class ReadWindows(IOptions<LoadOptions> options, TimeProvider time, ILogger<ReadWindows> logger)
{
    private readonly LoadOptions _options = options.Value;

    /// <param name="checkpoint">The run, without a window and ids.</param>
    /// <param name="watermark">Up to where the table was read; null unless a delta goes on from there.</param>
    /// <param name="open">The source of a run with a window.</param>
    public async Task<RunCheckpoint> OpenAsync(
        FamilyJob job, RunCheckpoint checkpoint, DateTimeOffset? watermark, Func<RunCheckpoint, IRecordSource> open, CancellationToken cancellationToken)
    {
        var drawn = Draw(job, checkpoint, watermark, time.GetUtcNow());
        var source = open(drawn);
        drawn = drawn with { Range = await source.ProbeRangeAsync(cancellationToken) };
        var now = time.GetUtcNow();
        if (source.Now is { } theirs && (now - theirs).Duration() > InstanceClocks.Tolerance)
        {
            Log.OtherClock(logger, job.Connection.Name, job.Root.Name, now, theirs);
            drawn = Draw(job, checkpoint, watermark, theirs);
            drawn = drawn with { Range = await open(drawn).ProbeRangeAsync(cancellationToken) };
        }

        if (watermark > drawn.Until + InstanceClocks.Tolerance)
            Log.WatermarkAhead(logger, job.Connection.Name, job.Root.Name, watermark.Value, drawn.From!.Value);
        return drawn;
    }

    private RunCheckpoint Draw(FamilyJob job, RunCheckpoint checkpoint, DateTimeOffset? watermark, DateTimeOffset until)
    {
        if (watermark is null)
            return checkpoint with { Until = until };

        var from = watermark.Value - _options.Overlap;
        var wide = until - _options.LookBack;

        // A watermark that is still to come was set by a clock that was ahead, nobody knows since when.
        var isWide = job.LooksBack || watermark > until + InstanceClocks.Tolerance;
        return checkpoint with { Until = until, From = isWide && wide < from ? wide : from };
    }
}
