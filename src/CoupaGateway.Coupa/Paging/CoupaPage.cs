using CoupaGateway.Coupa.Http;

namespace CoupaGateway.Coupa.Paging;

/// <summary>One page of records as Coupa sent it. Dispose it after use: that lets go of its memory, and <see cref="Json"/> is not to be touched any more.</summary>
public sealed class CoupaPage : IDisposable
{
    private readonly ResponseBody _body;

    internal CoupaPage(ResponseBody body, PageScan scan, bool projectionDropped)
    {
        _body = body;
        Scan = scan;
        ProjectionDropped = projectionDropped;
    }

    /// <summary>A complete JSON array of objects in valid UTF-8.</summary>
    /// <exception cref="ObjectDisposedException">The page has been disposed.</exception>
    public ReadOnlyMemory<byte> Json => _body.Bytes;

    /// <summary>Records in the page; at least one.</summary>
    public int Count => Scan.Count;

    /// <summary>The smallest id in the page; null when no record has a usable one.</summary>
    public long? FirstId => Scan.FirstId;

    /// <summary>The largest id in the page; null when no record has a usable one.</summary>
    public long? LastId => Scan.LastId;

    /// <summary>Records whose id is absent, null or no whole number. They are in <see cref="Json"/> like the others.</summary>
    public int RecordsWithoutId => Scan.WithoutId;

    /// <summary>Coupa gave its default fields, because the projection would have made the URL too long.</summary>
    public bool ProjectionDropped { get; }

    /// <summary>Where to go on after this page (<see cref="PageRequest.After"/>); null as long as no id has been seen.</summary>
    public PageCursor? Next { get; internal init; }

    internal PageScan Scan { get; }

    public void Dispose() => _body.Dispose();
}
