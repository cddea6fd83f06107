namespace CoupaGateway.Coupa.Http;

/// <summary>
/// The bytes of one answer. Its array is as long as the answer and from no pool: pages have megabytes, and what a pool keeps of them would stay
/// with the process when the reading is long over. Disposing lets go of it.
/// </summary>
internal sealed class ResponseBody(ReadOnlyMemory<byte> bytes) : IDisposable
{
    private ReadOnlyMemory<byte>? _bytes = bytes;

    public ReadOnlyMemory<byte> Bytes => _bytes ?? throw new ObjectDisposedException(nameof(ResponseBody));

    public void Dispose() => _bytes = null;
}
