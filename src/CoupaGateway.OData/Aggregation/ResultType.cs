using CoupaGateway.OData.Model;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Aggregation;

/// <summary>The type of rows that a step of <c>$apply</c> has made, for the parser of the next one.</summary>
internal static class ResultType
{
    /// <param name="baseType">The type whose properties the rows have, too; null for none.</param>
    public static EdmEntityType Create(IEdmEntityType? baseType, IReadOnlyCollection<RelationColumn> columns)
    {
        var type = new EdmEntityType(EdmModelFactory.Namespace, "result", baseType);
        Add(type, columns, depth: 0);
        return type;
    }

    private static void Add(EdmStructuredType type, IEnumerable<RelationColumn> columns, int depth)
    {
        foreach (var group in columns.GroupBy(column => column.Above.Length > depth ? column.Above[depth].Name : column.Name, StringComparer.Ordinal))
        {
            var first = group.First();
            if (first.Above.Length == depth)
            {
                type.AddStructuralProperty(first.Name, SqlTypes.EdmType(first.Value.Kind, first.Value.Nullable));
                continue;
            }

            var inner = new EdmComplexType(EdmModelFactory.Namespace, $"result_{depth}_{group.Key}");
            Add(inner, group, depth + 1);
            var reference = new EdmComplexTypeReference(inner, isNullable: true);
            type.AddStructuralProperty(group.Key, first.Above[depth].IsCollection ? new EdmCollectionTypeReference(new EdmCollectionType(reference)) : reference);
        }
    }
}
