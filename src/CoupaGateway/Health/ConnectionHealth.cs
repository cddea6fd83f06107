namespace CoupaGateway.Health;

/// <summary>What is not well with the tables of a connection.</summary>
/// <param name="Name">Name of the connection.</param>
/// <param name="NotLoaded">Tables that were never loaded.</param>
/// <param name="Damaged">Tables that have lost chunks and are loaded again.</param>
/// <param name="Stale">API tables that are older than Staleness:Threshold.</param>
internal sealed record ConnectionHealth(string Name, IReadOnlyList<string> NotLoaded, IReadOnlyList<string> Damaged, IReadOnlyList<string> Stale)
{
    public bool IsWell => NotLoaded.Count + Damaged.Count + Stale.Count == 0;
}
