namespace CoupaGateway.OData.Downloads;

/// <summary>What a collection can be had as beside OData's JSON: all of it in one answer.</summary>
internal enum DownloadFormat
{
    /// <summary>RFC 4180, UTF-8, with a header row.</summary>
    Csv,

    /// <summary>An Apache Parquet file.</summary>
    Parquet,

    /// <summary>An Apache Arrow IPC stream.</summary>
    ArrowStream,
}
