namespace CoupaGateway.OData.Downloads;

/// <summary>One answer being written in one of the formats.</summary>
internal interface IDownload : IAsyncDisposable
{
    /// <summary>Makes ready for a part: all that can fail for reasons that a caller should be told happens here, before the first byte is out.</summary>
    /// <param name="isFirst">Whether nothing was written yet.</param>
    ValueTask OpenAsync(DownloadPart part, bool isFirst, CancellationToken cancellationToken);

    /// <summary>Writes the part that was opened, and closes it.</summary>
    /// <returns>Rows written.</returns>
    ValueTask<long> WriteAsync(CancellationToken cancellationToken);

    /// <summary>Writes what comes after the last row.</summary>
    ValueTask EndAsync(CancellationToken cancellationToken);
}
