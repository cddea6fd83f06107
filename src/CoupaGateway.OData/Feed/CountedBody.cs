using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace CoupaGateway.OData.Feed;

/// <summary>A response's body that counts the bytes that are written to it.</summary>
internal sealed class CountedBody(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
{
    private CountedStream? _stream;
    private CountedPipe? _pipe;

    public IHttpResponseBodyFeature Inner => inner;

    /// <summary>Bytes written so far.</summary>
    public long Bytes { get; private set; }

    public Stream Stream => _stream ??= new CountedStream(this);

    public PipeWriter Writer => _pipe ??= new CountedPipe(this);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await inner.SendFileAsync(path, offset, count, cancellationToken);
        Bytes += count ?? (new FileInfo(path).Length - offset);
    }

    private sealed class CountedPipe(CountedBody body) : PipeWriter
    {
        private readonly PipeWriter _inner = body.Inner.Writer;

        public override bool CanGetUnflushedBytes => _inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => _inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            _inner.Advance(bytes);
            body.Bytes += bytes;
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            body.Bytes += source.Length;
            return _inner.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => _inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => _inner.CompleteAsync(exception);
    }

    private sealed class CountedStream(CountedBody body) : Stream
    {
        private readonly Stream _inner = body.Inner.Stream;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => _inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            body.Bytes += count;
            _inner.Write(buffer, offset, count);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            body.Bytes += buffer.Length;
            return _inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
