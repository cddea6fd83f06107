using System.Text;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Keeps the last bytes that are written to it: where a page has its nextLink.</summary>
internal sealed class TailStream : Stream
{
    private const int Size = 2_048;

    private readonly byte[] _tail = new byte[Size];
    private int _length;

    public string Text => Encoding.UTF8.GetString(_tail, 0, _length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count)
    {
        var fresh = buffer.AsSpan(offset, count);
        fresh = fresh[Math.Max(0, count - Size)..];
        var kept = Math.Min(_length, Size - fresh.Length);
        _tail.AsSpan(_length - kept, kept).CopyTo(_tail);
        fresh.CopyTo(_tail.AsSpan(kept));
        _length = kept + fresh.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
