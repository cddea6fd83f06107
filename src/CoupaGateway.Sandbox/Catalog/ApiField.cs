using System.Text.Json;

namespace CoupaGateway.Sandbox.Catalog;

/// <summary>One field of a record class.</summary>
internal sealed class ApiField
{
    public required string Name { get; init; }

    public required FieldKind Kind { get; init; }

    /// <summary>Position over all fields of all classes: the slot of the field's rule.</summary>
    public required int Slot { get; init; }

    /// <summary>Release (21…46) that brought the field; 21 also stands for "older".</summary>
    public int Since { get; init; } = 21;

    /// <summary>Allowed values, or empty when any value goes.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Kind of both sides of a <see cref="FieldKind.Change"/>.</summary>
    public FieldKind ChangeOf { get; init; }

    /// <summary>Whether the field is left out of the default projection and must be named.</summary>
    public bool OnlyWhenNamed { get; init; }

    /// <summary>Class of the object, or of the elements of the array; set for Object, Array and Change of those.</summary>
    public ApiClass? Class { get; set; }

    public required JsonEncodedText Encoded { get; init; }

    /// <summary>Seed of the field's values.</summary>
    public required ulong Hash { get; init; }

    /// <summary>What a made-up value looks like.</summary>
    public required ValueFlavor Flavor { get; init; }

    /// <summary>Whether the value is about a person, or was typed freely.</summary>
    public bool IsPersonal { get; init; }

    public bool IsScalar => Kind is not (FieldKind.Object or FieldKind.Array or FieldKind.Change);
}
