namespace CoupaGateway.OData.Rows;

/// <summary>In which way a property's values lie in memory and are written.</summary>
internal enum PropertyShape : byte
{
    /// <summary>Text of any length: it makes its own room.</summary>
    String,

    /// <summary>64 bits.</summary>
    Int64,

    /// <summary>Any narrower integer.</summary>
    NarrowInteger,

    /// <summary>An unscaled value of 128 bits.</summary>
    HugeDecimal,

    /// <summary>An unscaled value of up to 64 bits.</summary>
    NarrowDecimal,

    /// <summary>One byte.</summary>
    Boolean,

    /// <summary>Microseconds since 1970.</summary>
    Instant,

    /// <summary>Days since 1970.</summary>
    Date,

    /// <summary>64 or 32 bits.</summary>
    Double,

    /// <summary>Microseconds of the day.</summary>
    TimeOfDay,

    /// <summary>See <see cref="IntervalValue"/>.</summary>
    Duration,
}
