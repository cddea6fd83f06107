namespace CoupaGateway.Sync.Runs;

/// <summary>The runs of all connections, whichever process works on them.</summary>
public interface ISyncRuns
{
    /// <summary>Asks for a run. It begins as soon as a worker is free.</summary>
    /// <exception cref="ArgumentException">There is no such connection or API table.</exception>
    /// <exception cref="RunConflictException">A table is in another run; nothing was asked for.</exception>
    Task<SyncRun> StartAsync(string connection, SyncRequest request, CancellationToken cancellationToken);

    /// <summary>The newest runs, newest first.</summary>
    Task<IReadOnlyList<SyncRun>> ListAsync(string connection, CancellationToken cancellationToken);

    /// <summary>One run, or null when there is none or it is no longer kept.</summary>
    Task<SyncRun?> FindAsync(string connection, string id, CancellationToken cancellationToken);

    /// <summary>Ends a run: tables that are not committed yet stay as they are.</summary>
    /// <returns>False when it is over already.</returns>
    Task<bool> CancelAsync(SyncRun run, CancellationToken cancellationToken);

    /// <summary>Removes jobs, history, checkpoints and dead letters of a connection that is no more, or has become another. Ends when no worker of any process goes on with it.</summary>
    /// <param name="apiTables">The API tables that it had.</param>
    Task ForgetAsync(string connection, IReadOnlyCollection<string> apiTables, CancellationToken cancellationToken);

    /// <summary>Records that could not be taken over in full.</summary>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string connection, CancellationToken cancellationToken);
}
