using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>One field of a record class, as <c>classes.json</c> has it.</summary>
internal sealed record FieldDefinition
{
    [JsonRequired]
    public string Name { get; init; } = "";

    /// <summary><c>string, integer, decimal, boolean, datetime, date, object, array</c> or <c>change</c> (a from/to pair).</summary>
    [JsonRequired]
    public string Type { get; init; } = "";

    /// <summary>Class of an object, of an array's elements, or of both sides of a change.</summary>
    public string? Class { get; init; }

    /// <summary>Type of both sides of a change.</summary>
    public string? Of { get; init; }

    public string? Since { get; init; }

    /// <summary>Never comes back from a GET.</summary>
    public bool WriteOnly { get; init; }

    /// <summary>A password or shared secret of the supplier's systems: Coupa may return it, no table takes it.</summary>
    public bool Credential { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Whether a table may have the field at all.</summary>
    [JsonIgnore]
    public bool IsReadable => !WriteOnly && !Credential;
}
