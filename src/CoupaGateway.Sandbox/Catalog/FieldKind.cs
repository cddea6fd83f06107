namespace CoupaGateway.Sandbox.Catalog;

/// <summary>The JSON shape of a field.</summary>
internal enum FieldKind
{
    String,
    Integer,
    Decimal,
    Boolean,
    DateTime,
    Date,
    Object,
    Array,

    /// <summary>A <c>{"from":…,"to":…}</c> pair of a purchase order revision.</summary>
    Change,
}
