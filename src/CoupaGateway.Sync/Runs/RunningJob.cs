using CoupaGateway.Coupa.Tenants;

namespace CoupaGateway.Sync.Runs;

/// <summary>A job that this process works on. It may end by itself at the very moment at which somebody stops it.</summary>
/// <param name="isFull">Whether it is a full load.</param>
/// <param name="tenant">Whom it reads.</param>
/// <param name="stopping">Stops it as well.</param>
internal sealed class RunningJob(bool isFull, CoupaTenant tenant, CancellationToken stopping)
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly TaskCompletionSource _ended = new();

    public bool IsFull { get; } = isFull;

    public CoupaTenant Tenant { get; } = tenant;

    /// <summary>Fires when it is to stop. Not to be asked for once it has ended.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Done when it has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks it to stop; nothing for one that has ended.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <summary>Says that it has ended.</summary>
    public void End()
    {
        _stop.Dispose();
        _ended.SetResult();
    }
}
