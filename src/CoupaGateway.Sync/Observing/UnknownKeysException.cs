namespace CoupaGateway.Sync.Observing;

/// <summary>Records have keys that the schema lacks, and the connection's policy is to fail then. The message names them and how to go on.</summary>
public sealed class UnknownKeysException : Exception
{
    private const int Shown = 10;

    internal UnknownKeysException(IReadOnlyCollection<(string Table, string Path)> keys)
        : base($"Records have {keys.Count} keys that no column takes: {string.Join(", ", keys.Take(Shown).Select(static key => $"{key.Table}.{key.Path}"))}{(keys.Count > Shown ? " …" : "")}. Add them by custom metadata, or set ObservedColumns of the connection to add or ignore.")
    {
    }
}
