namespace CoupaGateway.Sync.Flattening;

/// <summary>A page of records is not a JSON array. Nothing of it was taken.</summary>
internal sealed class MalformedPageException(string table, string reason, Exception? inner = null)
    : Exception($"A page of {table} is not a JSON array of records: {reason}.", inner);
