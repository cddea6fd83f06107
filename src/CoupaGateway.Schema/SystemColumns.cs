namespace CoupaGateway.Schema;

/// <summary>Names of the columns that the gateway adds to every table. A leading underscore keeps them apart from Coupa's fields.</summary>
public static class SystemColumns
{
    /// <summary>Index of the element in the array it was nested in, from 0.</summary>
    public const string Position = "_position";

    /// <summary>Instant at which the content of this row last changed in the gateway: what loaders filter on.</summary>
    public const string ChangedAt = "_changed_at";
}
