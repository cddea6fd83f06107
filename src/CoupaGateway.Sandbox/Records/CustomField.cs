using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>A field of the customer's own, in <c>custom-fields</c> or at the root of a record.</summary>
/// <param name="Class">The class whose records have it.</param>
/// <param name="Name">The JSON key.</param>
/// <param name="Kind">A scalar kind, or Object for a lookup value.</param>
/// <param name="AtRoot">Whether it stands at the root (an older field) instead of in <c>custom-fields</c>.</param>
internal sealed record CustomField(string Class, string Name, FieldKind Kind, bool AtRoot = false)
{
    public JsonEncodedText Encoded { get; } = JsonEncodedText.Encode(Name);

    /// <summary>Seed of the field's values.</summary>
    public ulong Hash { get; } = Hashing.Of(Name);
}
