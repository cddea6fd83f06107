namespace CoupaGateway.Sync.Sources;

/// <summary>Some records of a resource, as a UTF-8 JSON array. Its owner's memory is given back when the page is disposed.</summary>
/// <param name="Records">Number of records.</param>
/// <param name="LastId">Largest id of the page, or null when no record has one.</param>
internal sealed record RecordPage(ReadOnlyMemory<byte> Json, int Records, long? LastId, IDisposable? Owner) : IDisposable
{
    public void Dispose() => Owner?.Dispose();
}
