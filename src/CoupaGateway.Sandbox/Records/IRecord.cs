using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>A record that can be written and asked for single values: generated, or changed since.</summary>
internal interface IRecord
{
    long Id { get; }

    /// <summary>What identifies the record: its id, but for an order revision the id of its revision record.</summary>
    long Key { get; }

    void Write(Utf8JsonWriter writer, Projection projection);

    /// <summary>
    /// All values at a path of fields; several when the path goes through an array, none when it ends at an object or array that has
    /// no elements. An object that is there counts as one value.
    /// </summary>
    IEnumerable<Scalar> Values(IReadOnlyList<ApiField> path, string? customField);

    /// <summary>The number of rows below a path of arrays and objects.</summary>
    long CountRows(IReadOnlyList<ApiField> path);
}
