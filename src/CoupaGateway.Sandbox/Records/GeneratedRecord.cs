using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Tenants;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>A record as the seed made it.</summary>
internal sealed class GeneratedRecord(Node node, Tenant tenant, RecordWriter recordWriter, CustomFields custom) : IRecord
{
    public long Id => node.Id;

    public long Key => node is { Class.Name: "OrderHeaderRevision", Facts: RevisionFacts revision } ? revision.RecordId : node.Id;

    public Node Node => node;

    public void Write(Utf8JsonWriter writer, Projection projection) => recordWriter.Write(writer, node, projection);

    public IEnumerable<Scalar> Values(IReadOnlyList<ApiField> path, string? customField) => Values(node, path, 0, customField);

    public long CountRows(IReadOnlyList<ApiField> path) => CountRows(node, path, 0);

    public long CountRows(Node at, IReadOnlyList<ApiField> path, int step)
    {
        var field = path[step];
        if (field.Kind == FieldKind.Object)
            return tenant.ObjectOf(at, field) is { } inner ? step + 1 == path.Count ? 1 : CountRows(inner, path, step + 1) : 0;
        var elements = tenant.ArrayOf(at, field);
        return step + 1 == path.Count ? elements.Count : elements.Sum(e => CountRows(e, path, step + 1));
    }

    private IEnumerable<Scalar> Values(Node at, IReadOnlyList<ApiField> path, int step, string? customField)
    {
        var field = path[step];
        var last = step + 1 == path.Count;
        switch (field.Kind)
        {
            case FieldKind.Object when field.Class is null:
                var own = custom.Of(at.Class, atRoot: false).FirstOrDefault(f => f.Name == customField);
                yield return own is null ? Scalar.Boolean(true) : CustomFields.ValueOf(at, own);
                break;
            case FieldKind.Object:
                if (tenant.ObjectOf(at, field) is not { } inner)
                    yield return Scalar.Null;
                else if (last)
                    yield return Scalar.Integer(inner.Id);
                else
                    foreach (var value in Values(inner, path, step + 1, customField))
                        yield return value;
                break;
            case FieldKind.Array:
                foreach (var element in tenant.ArrayOf(at, field))
                {
                    if (last)
                        yield return Scalar.Integer(element.Id);
                    else
                        foreach (var value in Values(element, path, step + 1, customField))
                            yield return value;
                }

                break;
            default:
                yield return tenant.ScalarOf(at, field);
                break;
        }
    }
}
