using System.Collections.Immutable;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>Marks the columns of a schema by rules.</summary>
/// <remarks>
/// Of the rules that match a column the one with the highest rank decides (<see cref="CompiledRule.Rank"/>); two of the same rank that say
/// different things are a problem. A text column that the catalogue does not have, an observed or custom one, is given tokens unless a rule
/// decides. Whatever is wrong, a column never falls back to clear text.
/// </remarks>
public static class PseudonymRules
{
    /// <summary>Applies the built-in rules and those of the policy to a schema that has no marks yet.</summary>
    public static PseudonymResult Apply(SchemaRevision schema, PseudonymPolicy policy) => new Run(schema, policy).Apply();

    private sealed class Run
    {
        private readonly PseudonymPolicy _policy;
        private readonly SchemaRevision _schema;
        private readonly Dictionary<string, TableSchema> _tables;
        private readonly ImmutableArray<PseudonymRule> _rules;
        private readonly List<CompiledRule> _compiled;
        private readonly HashSet<string> _matched = new(StringComparer.Ordinal);
        private readonly ImmutableArray<ColumnCoverage>.Builder _columns = ImmutableArray.CreateBuilder<ColumnCoverage>();
        private readonly ImmutableArray<PersonalLook>.Builder _looks = ImmutableArray.CreateBuilder<PersonalLook>();
        private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

        public Run(SchemaRevision schema, PseudonymPolicy policy)
        {
            (_schema, _policy) = (schema, policy);
            _tables = schema.Tables.ToDictionary(static table => table.Name, StringComparer.Ordinal);
            _rules = EffectiveRules.Of(policy);
            _compiled =
            [
                .. _rules.Where(static rule => rule.Enabled).SelectMany(CompiledRule.Of)
                    .OrderByDescending(static rule => rule.Rank),
            ];
        }

        public PseudonymResult Apply()
        {
            var tables = PermutedIds.Complete([.. _schema.Tables.Select(table => table with { Columns = [.. table.Columns.Select(column => Apply(table, column))] })], _columns, _problems);
            return new PseudonymResult(new SchemaRevision(tables), new PseudonymReport
            {
                Columns = _columns.ToImmutable(),
                UnmatchedRules =
                [
                    .. _rules.Where(rule => rule is { Enabled: true, IsBuiltIn: false } && !_matched.Contains(rule.Name)).Select(static rule => rule.Name),
                ],
                LooksPersonal = _looks.ToImmutable(),
                Problems = _problems.ToImmutable(),
            });
        }

        private ColumnSchema Apply(TableSchema table, ColumnSchema column)
        {
            if (column.Kind is not (ColumnKind.Field or ColumnKind.AncestorKey))
                return column;

            var rule = Decide(table, column);
            if (rule is null)
            {
                if (column.Type == ColumnType.String && PersonalNames.FindIn(column.Name) is { } word)
                    _looks.Add(new PersonalLook(table.Name, column.Name, word));
                return column;
            }

            var algorithm = rule.Algorithm ?? _policy.DefaultAlgorithm;
            var isPermutation = algorithm == PseudonymAlgorithm.IdPermutation;
            if (algorithm != PseudonymAlgorithm.Keep && column.IsKey && !isPermutation)
            {
                _problems.Add(
                    $"Table {table.Name}, column {column.Name}: the rule '{rule.Name}' is about a key, and rows without their key cannot be told apart or joined. Only the algorithm {PseudonymAlgorithms.NameOf(PseudonymAlgorithm.IdPermutation)} leaves keys what they are.");
                return column;
            }

            if (isPermutation && column.Type is not (ColumnType.Int64 or ColumnType.String))
            {
                _problems.Add($"Table {table.Name}, column {column.Name}: the rule '{rule.Name}' is for ids, and the column has the type {column.Type}.");
                return column;
            }

            var domain = PseudonymAlgorithms.IsKeyed(algorithm) ? rule.Domain ?? rule.Name : null;
            _columns.Add(new ColumnCoverage(table.Name, column.Name, rule.Name, algorithm, domain));
            return algorithm == PseudonymAlgorithm.Keep ? column : Mark(column, rule, algorithm, domain);
        }

        private ColumnSchema Mark(ColumnSchema column, PseudonymRule rule, PseudonymAlgorithm algorithm, string? domain)
        {
            var keyed = PseudonymAlgorithms.IsKeyed(algorithm);
            return column with
            {
                Type = algorithm is PseudonymAlgorithm.Null or PseudonymAlgorithm.IdPermutation ? column.Type : ColumnType.String,
                AllowedValues = [],
                Pseudonym = new PseudonymMark
                {
                    Algorithm = algorithm,
                    Domain = domain,
                    KeyVersion = keyed ? _policy.KeyVersion : null,
                    SecretCheck = keyed ? _policy.KeyCheck : PseudonymAlgorithms.IsSalted(algorithm) ? _policy.SaltCheck : null,
                    Length = algorithm == PseudonymAlgorithm.Truncate ? rule.Length : null,
                    SourceType = column.Type,
                    Rule = rule.Name,
                },
            };
        }

        private PseudonymRule? Decide(TableSchema table, ColumnSchema column)
        {
            var path = CompiledRule.PathOf(table, column, _tables);
            CompiledRule? winner = null;
            foreach (var candidate in _compiled)
            {
                if (!candidate.Matches(table, column, path))
                    continue;

                _matched.Add(candidate.Rule.Name);
                if (winner is null)
                    winner = candidate;
                else if (candidate.Rank == winner.Rank && Differ(candidate.Rule, winner.Rule))
                    winner = Safer(table, column, winner, candidate);
            }

            return winner?.Rule ?? SafeDefault(column);
        }

        /// <summary>A customer's own text: nobody knows what people write there.</summary>
        private PseudonymRule? SafeDefault(ColumnSchema column) =>
            _policy.UseBuiltInRules && column is { Type: ColumnType.String, Kind: ColumnKind.Field, Origin: null }
                ? new PseudonymRule { Name = BuiltInRules.CustomFields, Domain = BuiltInRules.CustomDomain, IsBuiltIn = true }
                : null;

        private CompiledRule Safer(TableSchema table, ColumnSchema column, CompiledRule winner, CompiledRule other)
        {
            _problems.Add(
                $"Table {table.Name}, column {column.Name}: the rules '{winner.Rule.Name}' and '{other.Rule.Name}' contradict each other. Name the column in a rule of its own, or switch one off.");
            return winner.Rule.Algorithm == PseudonymAlgorithm.Keep ? other : winner;
        }

        private static bool Differ(PseudonymRule left, PseudonymRule right) =>
            !ReferenceEquals(left, right) && (left.Algorithm != right.Algorithm || (left.Domain ?? left.Name) != (right.Domain ?? right.Name) || left.Length != right.Length);
    }
}
