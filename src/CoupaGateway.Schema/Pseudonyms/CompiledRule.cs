using System.Runtime.CompilerServices;

namespace CoupaGateway.Schema.Pseudonyms;

/// <summary>One target of a rule, ready to be compared with columns.</summary>
internal sealed class CompiledRule
{
    private const char PathSeparator = '.';

    /// <summary>Patterns are costly to make and gather speed with use: those of the built-in rules are made once.</summary>
    private static readonly ConditionalWeakTable<PseudonymRule, CompiledRule[]> Known = [];

    private readonly NamePattern? _table;
    private readonly NamePattern? _column;
    private readonly NamePattern? _field;
    private readonly NamePattern? _path;
    private readonly string? _class;

    private CompiledRule(PseudonymRule rule, PseudonymTarget target)
    {
        Rule = rule;
        _table = Compile(target.Table, '_');
        _column = Compile(target.Column, '_');
        _class = target.Class;
        _field = Compile(target.Field, '-');
        _path = Compile(target.Path?.Replace('_', '-'), PathSeparator);
        Rank = (rule.IsBuiltIn ? 0 : 10) + Precision(target);
    }

    /// <summary>All targets of a rule.</summary>
    public static IReadOnlyList<CompiledRule> Of(PseudonymRule rule) => Known.GetValue(rule, static rule => [.. rule.Targets.Select(target => new CompiledRule(rule, target))]);

    public PseudonymRule Rule { get; }

    /// <summary>Of rules that match one column, the highest rank decides: own rules before built-in ones, then the more exact target.</summary>
    public int Rank { get; }

    public bool Matches(TableSchema table, ColumnSchema column, string path) =>
        (_table?.Matches(table.Name) ?? true)
        && (_column?.Matches(column.Name) ?? true)
        && (_class is null || column.Origin?.Class == _class)
        && (_field is null || (column.Origin is { } origin && _field.Matches(origin.Field)))
        && (_path?.Matches(path) ?? true);

    /// <summary>JSON keys from the record down to the value, hyphenated.</summary>
    public static string PathOf(TableSchema table, ColumnSchema column, IReadOnlyDictionary<string, TableSchema> tables)
    {
        IEnumerable<string> keys = column.Path;
        for (var level = table; ; level = tables[level.Parent])
        {
            keys = level.NestedPath.Concat(keys);
            if (level.Parent is null || !tables.ContainsKey(level.Parent))
                return string.Join(PathSeparator, keys).Replace('_', '-');
        }
    }

    /// <summary>3: one column of one table. 2: one field of a class, one path, or a column name. 1: anything with a wildcard.</summary>
    private int Precision(PseudonymTarget target)
    {
        if (new[] { _table, _column, _field, _path }.Any(static pattern => pattern?.HasWildcard == true))
            return 1;
        if (target.Table is not null && (target.Column is not null || target.Path is not null))
            return 3;
        return target.Column is not null || target.Path is not null || (target.Class is not null && target.Field is not null) ? 2 : 1;
    }

    private static NamePattern? Compile(string? text, char separator) => text is null ? null : new NamePattern(text, separator);
}
