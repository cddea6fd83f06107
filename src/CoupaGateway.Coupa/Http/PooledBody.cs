using System.Buffers;

namespace CoupaGateway.Coupa.Http;

/// <summary>The bytes of one answer in a rented array. Disposing gives the array back.</summary>
internal sealed class PooledBody(byte[] rented, int start, int length) : IDisposable
{
    private byte[]? _rented = rented;

    public ReadOnlyMemory<byte> Bytes => new(_rented ?? throw new ObjectDisposedException(nameof(PooledBody)), start, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } array)
            ArrayPool<byte>.Shared.Return(array);
    }
}
