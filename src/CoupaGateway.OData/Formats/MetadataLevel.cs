namespace CoupaGateway.OData.Formats;

/// <summary>How much control information a payload carries (<c>odata.metadata</c>).</summary>
internal enum MetadataLevel
{
    None,
    Minimal,
    Full,
}
