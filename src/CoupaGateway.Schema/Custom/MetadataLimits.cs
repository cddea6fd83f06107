namespace CoupaGateway.Schema.Custom;

/// <summary>How large a custom metadata document may be.</summary>
public static class MetadataLimits
{
    /// <summary>Fewer bytes than this: 5 MB.</summary>
    public const int Bytes = 5_000_000;

    /// <summary>Levels of JSON.</summary>
    public const int JsonDepth = 64;

    /// <summary>Tables above a nested table, at most. Each of them adds a column to its key.</summary>
    public const int TableDepth = 8;

    /// <summary>Tables that a document may add.</summary>
    public const int Tables = 500;

    /// <summary>Findings that are told; what is beyond is only counted.</summary>
    public const int Findings = 1_000;

    /// <summary>Characters of a name, as OData has it (OData CSDL XML 4.01, section 15.2).</summary>
    public const int NameLength = 128;

    /// <summary>Fixed request parameters of a resource, and characters of one of their values.</summary>
    public const int QueryParameters = 20, QueryLength = 500;
}
