using System.Collections.Immutable;
using CoupaGateway.Schema;

namespace CoupaGateway.Sync.Tests;

/// <summary>Hand-made tables.</summary>
internal static class TestSchemas
{
    public static ColumnSchema Field(string name, ColumnType type, params string[] path) =>
        new() { Name = name, Type = type, Path = path.Length == 0 ? [name.Replace('_', '-')] : [.. path] };

    public static TableSchema Api(string name, params ColumnSchema[] fields) => new()
    {
        Name = name,
        Resource = new ResourceSchema { Path = $"/api/{name}", Scope = "core.test.read" },
        Columns = [Field("id", ColumnType.Int64) with { IsKey = true }, .. fields, .. SystemColumns(false)],
    };

    public static TableSchema Nested(TableSchema parent, string name, ImmutableArray<string> path, bool hasId, params ColumnSchema[] fields)
    {
        ImmutableArray<string> ancestors = [.. parent.Ancestors, parent.Name];
        var keys = ancestors.Select(ancestor => new ColumnSchema
        {
            Name = $"{ancestor}_id",
            Type = ColumnType.Int64,
            Kind = ColumnKind.AncestorKey,
            Ancestor = ancestor,
            IsKey = true,
        });
        return new TableSchema
        {
            Name = name,
            Parent = parent.Name,
            Ancestors = ancestors,
            NestedPath = path,
            Columns = [.. keys, .. hasId ? [Field("id", ColumnType.Int64) with { IsKey = true }] : ImmutableArray<ColumnSchema>.Empty, .. fields, .. SystemColumns(!hasId)],
        };
    }

    private static IEnumerable<ColumnSchema> SystemColumns(bool positionIsKey) =>
    [
        new() { Name = Schema.SystemColumns.Position, Type = ColumnType.Int64, Kind = ColumnKind.Position, IsKey = positionIsKey },
        new() { Name = Schema.SystemColumns.ChangedAt, Type = ColumnType.DateTime, Kind = ColumnKind.ChangedAt },
    ];
}
