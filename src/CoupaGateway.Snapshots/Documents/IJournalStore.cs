namespace CoupaGateway.Snapshots.Documents;

/// <summary>Entries in the order of time, bounded in number and age: what the audit log is kept in.</summary>
public interface IJournalStore
{
    /// <summary>Adds an entry, and drops the oldest beyond <paramref name="most"/> and those before <paramref name="oldest"/>.</summary>
    Task AppendAsync(string journal, DateTimeOffset at, string entry, int most, DateTimeOffset oldest, CancellationToken cancellationToken);

    /// <summary>Entries from the newest back.</summary>
    /// <param name="before">Only entries before this instant; null for the newest.</param>
    Task<IReadOnlyList<string>> ReadAsync(string journal, DateTimeOffset? before, int count, CancellationToken cancellationToken);

    /// <summary>Forgets all entries.</summary>
    Task DeleteAsync(string journal, CancellationToken cancellationToken);
}
