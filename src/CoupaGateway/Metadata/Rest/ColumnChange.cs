using System.Text.Json.Serialization;
using CoupaGateway.Rest;

namespace CoupaGateway.Metadata.Rest;

/// <summary>What became of a column.</summary>
[JsonConverter(typeof(EnumNames<ColumnChange>))]
internal enum ColumnChange
{
    Added,
    Removed,

    /// <summary>It has another type.</summary>
    Retyped,

    /// <summary>Its values are pseudonymized in another way, or not any more.</summary>
    Pseudonym,
}
