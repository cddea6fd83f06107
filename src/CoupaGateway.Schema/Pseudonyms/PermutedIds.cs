using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>Sees to it that ids which are replaced by <see cref="PseudonymAlgorithm.IdPermutation"/> are so wherever they stand: a reference in clear would tell whom a row is about, and join with nothing.</summary>
/// <remarks>
/// (1) keys of ancestors go with the key that they repeat; (2) references to users go with the ids of users, see the built-in rule <see cref="Users"/>, and fields of one class with each other;
/// (3) numbers of a domain are made in one way.
/// </remarks>
internal static class PermutedIds
{
    /// <summary>The built-in rule, switched off until a customer wants it, that names the ids of users and all references to them.</summary>
    private const string Users = "user-ids";

    public static TableSchema[] Complete(TableSchema[] tables, ImmutableArray<ColumnCoverage>.Builder columns, ImmutableArray<string>.Builder problems)
    {
        if (!tables.Any(static table => table.Columns.Any(IsPermuted)))
            return tables;

        var keys = tables.ToDictionary(static table => table.Name, static table => table.Columns.FirstOrDefault(static column => column is { IsKey: true, Kind: ColumnKind.Field })?.Pseudonym, StringComparer.Ordinal);
        var complete = tables.Select(table => table with { Columns = [.. table.Columns.Select(column => Repeat(table, column, keys, columns, problems))] }).ToArray();
        FindLeftOut(complete, problems);
        foreach (var domain in columns.Where(static column => column.Domain is not null).GroupBy(static column => column.Domain, StringComparer.Ordinal))
        {
            // (3)
            if (domain.FirstOrDefault(static column => column.Algorithm == PseudonymAlgorithm.IdPermutation) is { } permuted && domain.FirstOrDefault(static column => column.Algorithm != PseudonymAlgorithm.IdPermutation) is { } other)
                problems.Add($"Table {other.Table}, column {other.Column}: the rule '{other.Rule}' makes other tokens in the domain '{domain.Key}' than the rule '{permuted.Rule}'. Give one of them another domain.");
        }

        return complete;
    }

    // (1)
    private static ColumnSchema Repeat(
        TableSchema table, ColumnSchema column, Dictionary<string, PseudonymMark?> keys, ImmutableArray<ColumnCoverage>.Builder columns, ImmutableArray<string>.Builder problems)
    {
        if (column.Kind != ColumnKind.AncestorKey)
            return column;

        var mark = keys.GetValueOrDefault(column.Ancestor!);
        if (column.Pseudonym is { } own)
        {
            if (own.Signature != mark?.Signature)
                problems.Add($"Table {table.Name}, column {column.Name}: the rule '{own.Rule}' is about a key that repeats the one of {column.Ancestor}, and has to cover both alike.");
            return column;
        }

        if (mark is null)
            return column;
        columns.Add(new ColumnCoverage(table.Name, column.Name, mark.Rule, mark.Algorithm, mark.Domain));
        return column with { Pseudonym = mark };
    }

    // (2)
    private static void FindLeftOut(TableSchema[] tables, ImmutableArray<string>.Builder problems)
    {
        var users = BuiltInRules.All.Where(static rule => rule.Name == Users).SelectMany(CompiledRule.Of).ToArray();
        var all = tables.SelectMany(static table => table.Columns.Where(static column => column.Origin is not null).Select(column => (Table: table, Column: column))).ToArray();
        var groups = all.GroupBy(entry => Array.Exists(users, rule => rule.Matches(entry.Table, entry.Column, path: "")) ? Users : $"{entry.Column.Origin!.Class} {entry.Column.Origin.Field}", StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var (table, column) = group.FirstOrDefault(static entry => IsPermuted(entry.Column));
            if (column is null)
                continue;
            foreach (var other in group.Where(other => other.Column.Pseudonym?.Signature != column.Pseudonym!.Signature))
            {
                problems.Add(
                    $"Table {other.Table.Name}, column {other.Column.Name}: it holds the same ids as the column {column.Name} of {table.Name}, which the rule '{column.Pseudonym!.Rule}' replaces, and has to be covered alike.");
            }
        }
    }

    private static bool IsPermuted(ColumnSchema column) => column.Pseudonym?.Algorithm == PseudonymAlgorithm.IdPermutation;
}
