using System.Collections.Immutable;
using CoupaGateway.OData.Rows;

namespace CoupaGateway.OData.Aggregation;

/// <summary>
/// Writes rows some of whose properties stand in objects, <c>{"invoices":{"status":"new"},"total":5}</c>. Properties of one object follow each other, wherever they are among the columns.
/// </summary>
internal sealed class ResultRowWriter : IRowWriter
{
    private readonly PropertyWriter[] _properties;
    private readonly Node _row;

    /// <param name="columns">What is written: as many as the first vectors.</param>
    public ResultRowWriter(ImmutableArray<ColumnVector> vectors, ImmutableArray<RelationColumn> columns, JsonRowFormat format)
    {
        _properties = [.. vectors.Take(columns.Length).Select(vector => new PropertyWriter(vector, format))];
        _row = new(Start: [], IsCollection: false, Property: -1, Children(columns, Enumerable.Range(0, columns.Length), depth: 0));
    }

    public void Bind(int rows)
    {
        foreach (ref var property in _properties.AsSpan())
            property.Bind(rows);
    }

    public void WriteRow(ref JsonOutput output, int row, long number) => WriteObject(ref output, _row, row);

    private static ImmutableArray<Node> Children(ImmutableArray<RelationColumn> columns, IEnumerable<int> indexes, int depth)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var group in indexes.GroupBy(index => columns[index].Above.Length > depth ? columns[index].Above[depth].Name : $"/{columns[index].Name}", StringComparer.Ordinal))
        {
            var first = columns[group.First()];
            nodes.Add(first.Above.Length == depth
                ? new(Start: [], IsCollection: false, group.First(), Children: [])
                : new([.. ","u8, .. PropertyWriter.Encode(first.Above[depth].Name), .. ":"u8], first.Above[depth].IsCollection, Property: -1, Children(columns, group, depth + 1)));
        }

        return nodes.ToImmutable();
    }

    private void WriteObject(ref JsonOutput output, Node node, int row)
    {
        output.Reserve(2);
        if (node.IsCollection)
            output.WriteByte((byte)'[');
        output.WriteByte((byte)'{');
        var skip = 1;
        foreach (var child in node.Children)
        {
            if (child.Property >= 0)
            {
                _properties[child.Property].Write(ref output, row, ref skip);
                continue;
            }

            output.Reserve(child.Start.Length);
            output.Write(child.Start.AsSpan(skip));
            skip = 0;
            WriteObject(ref output, child, row);
        }

        output.Reserve(2);
        output.WriteByte((byte)'}');
        if (node.IsCollection)
            output.WriteByte((byte)']');
    }

    /// <param name="Start">Comma and name of an object.</param>
    /// <param name="Property">Number of the property; negative for an object.</param>
    private sealed record Node(byte[] Start, bool IsCollection, int Property, ImmutableArray<Node> Children);
}
