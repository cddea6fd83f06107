using System.Collections.Immutable;

namespace CoupaGateway.OData.Aggregation;

/// <summary>The properties of a result as the context URL lists them: <c>invoices(status),total</c>.</summary>
internal static class ResultNames
{
    public static string List(IEnumerable<RelationColumn> columns) => string.Join(',', Names([.. columns], depth: 0));

    private static IEnumerable<string> Names(ImmutableArray<RelationColumn> columns, int depth) => columns
        .GroupBy(column => column.Above.Length > depth ? column.Above[depth].Name : column.Name, StringComparer.Ordinal)
        .Select(group => group.First().Above.Length > depth ? $"{group.Key}({string.Join(',', Names([.. group], depth + 1))})" : group.Key);
}
