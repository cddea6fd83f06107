namespace CoupaGateway.OData.Translation;

/// <summary>The type of a SQL expression, as far as the translation has to know it.</summary>
internal enum SqlKind
{
    /// <summary>The bare <c>null</c>: fits every kind.</summary>
    Null,
    Boolean,
    Int64,
    Decimal,
    Double,
    String,
    DateTime,
    Date,
    TimeOfDay,
    Duration,
}
