namespace CoupaGateway.Rest;

/// <summary>The state of one table as the REST API shows it.</summary>
/// <param name="Name">Name of the table and of its entity set.</param>
/// <param name="Parent">The table it is nested in; null for an API table.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Loaded">Whether the table can be read.</param>
/// <param name="Rows">Rows in the newest version; null before the first load.</param>
/// <param name="Bytes">Compressed size of the newest version; null before the first load.</param>
/// <param name="Version">Number of the newest version, from 1; null before the first load.</param>
/// <param name="LoadedAt">When the newest version was committed (UTC).</param>
internal sealed record TableResource(
    string Name, string? Parent, int Columns, bool Loaded, long? Rows, long? Bytes, long? Version, DateTimeOffset? LoadedAt);
