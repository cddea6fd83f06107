namespace CoupaGateway.Schema;

/// <summary>Who says that a table or column exists. Later ones add to earlier ones.</summary>
public enum SchemaSource
{
    /// <summary>The built-in catalogue.</summary>
    Catalogue,

    /// <summary>The customer's metadata JSON.</summary>
    Custom,

    /// <summary>A key that records were seen to have.</summary>
    Observed,
}
