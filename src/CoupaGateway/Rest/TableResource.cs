namespace CoupaGateway.Rest;

/// <summary>The state of one table as the REST API shows it.</summary>
/// <param name="Name">Name of the table and of its entity set.</param>
/// <param name="Parent">The table it is nested in; null for an API table.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Loaded">Whether the table can be read.</param>
/// <param name="Damaged">Whether the cache has lost parts of it: it is loaded again.</param>
/// <param name="Rows">Rows in the newest version; null before the first load.</param>
/// <param name="Bytes">Compressed size of the newest version; null before the first load.</param>
/// <param name="Version">Number of the newest version, from 1; null before the first load.</param>
/// <param name="LoadedAt">When the newest version was committed (UTC).</param>
/// <param name="Watermark">What Coupa had at this moment is in the table, with what is nested in it (UTC).</param>
/// <param name="AgeSeconds">Seconds since the watermark.</param>
/// <param name="Stale">Whether it is older than the gateway tolerates.</param>
/// <param name="LastRun">The newest run that has to do with it; null when none is remembered.</param>
/// <param name="NextRun">When it is due next (UTC); null for never.</param>
internal sealed record TableResource(
    string Name,
    string? Parent,
    int Columns,
    bool Loaded,
    bool Damaged,
    long? Rows,
    long? Bytes,
    long? Version,
    DateTimeOffset? LoadedAt,
    DateTimeOffset? Watermark,
    long? AgeSeconds,
    bool Stale,
    TableRunResource? LastRun,
    DateTimeOffset? NextRun);
