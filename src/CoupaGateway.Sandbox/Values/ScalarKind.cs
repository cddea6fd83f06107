namespace CoupaGateway.Sandbox.Values;

/// <summary>What a <see cref="Scalar"/> holds.</summary>
internal enum ScalarKind : byte
{
    /// <summary>The record does not have the field at all.</summary>
    Absent,
    Null,
    String,
    Integer,
    Decimal,
    Boolean,
    Instant,
    Day,
}
