using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser.Aggregation;

namespace CoupaGateway.OData.Aggregation;

/// <summary><c>$apply</c>: each step makes one <see cref="Relation"/> of another. The expressions in a step are parsed against the rows before it.</summary>
/// <param name="scope">Where parameters and names of the whole request are kept.</param>
/// <param name="parse">A parser of one option over the rows of a relation.</param>
/// <param name="maxSteps">Most steps, those inside <c>concat</c> and <c>groupby</c> included.</param>
internal sealed class ApplyTranslator(ExpressionScope scope, Func<Relation, string, string, QueryOptionParser> parse, int maxSteps)
{
    private int _steps;
    private IEdmEntityType? _declared;

    /// <summary>The results: one, or, where <c>concat</c> comes last, those of its branches in their order.</summary>
    public ImmutableArray<Relation> Translate(Relation source, string text)
    {
        _declared ??= source.Type;
        ImmutableArray<Relation> results = [source];
        foreach (var step in Transformation.Sequence(text))
        {
            if (++_steps > maxSteps)
                throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$apply has more than {maxSteps} transformations.", QueryOptionSet.Apply);

            var single = One(results);
            results = step.Name == "concat" ? Concat(single, step) : [Next(single, step)];
        }

        return results;
    }

    /// <summary>Several results as one.</summary>
    public Relation One(ImmutableArray<Relation> results) => results is [var single] ? single : RelationUnion.Of(results, scope.Budget);

    private ImmutableArray<Relation> Concat(Relation source, Transformation step)
    {
        var branches = step.List();
        if (branches.Count < 2)
            throw Transformation.Invalid("'concat' needs at least two sequences of transformations.");

        return [.. branches.SelectMany(branch => Translate(source, branch))];
    }

    private Relation Next(Relation source, Transformation step) => step.Name switch
    {
        "identity" => source,
        "filter" => Filter(source, step.Arguments),
        "search" => Search(source, step.Arguments),
        "compute" => Compute(source, step.Arguments),
        "aggregate" => Aggregate(source, step, grouped: [], new SubqueryColumns(scope.Budget), condition: null),
        "groupby" => GroupBy(source, step),
        "orderby" => source with { Order = OrderBy(source, step.Arguments) },
        "top" => CountOff(source, Number(step.Name, step.Arguments), skip: 0, source.Order),
        "skip" => CountOff(source, PagePlan.MaxLimit, Number(step.Name, step.Arguments), source.Order),
        "topcount" => Most(source, step, " desc"),
        "bottomcount" => Most(source, step, " asc"),
        _ => throw FeedException.NotImplemented($"The transformation '{step.Name}' is not supported.", step.Name),
    };

    public Relation Filter(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Filter, text, static parser => parser.ParseFilter()!);
        var condition = FilterTranslator.Translate(clause, inner);
        return source with
        {
            From = $"(SELECT * FROM {source.From} AS {RowReference.MainAlias} WHERE {condition})",
            Keys = source.IsNarrowable ? source.Keys.And(new KeyRangeReader(source.Row.Table, inner.ParameterAlias).Read(clause.Expression)) : source.Keys,
        };
    }

    public Relation Search(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Search, text, static parser => parser.ParseSearch()!);
        var texts = source.Columns.Where(static column => column.IsSearched).Select(static column => column.Value.Text);
        return source with { From = $"(SELECT * FROM {source.From} AS {RowReference.MainAlias} WHERE {new SearchTranslator(inner, texts).Translate(clause)})" };
    }

    public Relation Compute(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Compute, text, static parser => parser.ParseCompute()!);
        var result = source.With(ComputeTranslator.Translate(clause, inner, name => source.Type.FindProperty(name) is not null));
        foreach (var column in result.Columns.Skip(source.Columns.Length))
            CheckName(column);
        return result;
    }

    public ImmutableArray<OrderKey> OrderBy(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.OrderBy, text, static parser => parser.ParseOrderBy()!);
        return [.. OrderByTranslator.Keys(clause, inner)];
    }

    private Relation GroupBy(Relation source, Transformation step)
    {
        var arguments = step.List();
        if (arguments.Count is not (1 or 2))
            throw Transformation.Invalid("'groupby' needs properties in parentheses and, if there is anything to compute for each group, one sequence of transformations.");

        RefuseExpressions(arguments[0]);
        var (clause, inner) = Parsed(source, QueryOptionSet.Apply, $"groupby({arguments[0]})", static parser => parser.ParseApply()!);
        var subqueries = new SubqueryColumns(scope.Budget);
        var grouped = ImmutableArray.CreateBuilder<(RelationColumn Column, string Name)>();
        foreach (var column in ((GroupByTransformationNode)clause.Transformations.Single()).GroupingProperties.SelectMany(property => Grouping(source, property, [], inner)))
        {
            if (!grouped.Any(item => item.Column.Path == column.Path))
                grouped.Add((column with { Value = column.Value with { Text = subqueries.Use(column.Value.Text) } }, inner.Budget.NewColumn()));
        }

        if (arguments.Count == 1)
            return subqueries.AddTo(source).Group(grouped.ToImmutable(), added: []);

        // Filters inside apply to the rows of each group: one that has none left is still a group.
        string? condition = null;
        var steps = Transformation.Sequence(arguments[1]).ToList();
        foreach (var before in steps.SkipLast(1))
        {
            if (before.Name != "filter")
                throw FeedException.NotImplemented($"The transformation '{before.Name}' inside 'groupby' is not supported; filter(…) and, at the end, aggregate(…) are.", before.Name);

            var (filter, own) = Parsed(source, QueryOptionSet.Filter, before.Arguments, static parser => parser.ParseFilter()!);
            var text = subqueries.Use(FilterTranslator.Translate(filter, own));
            condition = condition is null ? text : $"{condition} AND {text}";
        }

        if (steps[^1].Name != "aggregate")
            throw FeedException.NotImplemented($"The transformation '{steps[^1].Name}' at the end of 'groupby' is not supported; aggregate(…) is.", steps[^1].Name);

        return Aggregate(source, steps[^1], grouped.ToImmutable(), subqueries, condition);
    }

    /// <summary>The parser takes what is no property for a fault at some position.</summary>
    private static void RefuseExpressions(string grouping)
    {
        if (grouping is not ['(', .. var properties, ')'] || Transformation.List(properties).Find(static item => item.Contains('(', StringComparison.Ordinal)) is not { } other)
            return;
        if (other.StartsWith("rollup(", StringComparison.Ordinal))
            throw FeedException.NotImplemented("'rollup' in 'groupby' is not supported; a groupby(…) for each of its levels in concat(…) is.", "rollup");

        throw Transformation.Invalid($"'{other}' is no property that rows could be grouped by. Compute one first: compute({other} as name)/groupby((name)).");
    }

    /// <summary>What rows are grouped by: a property, or those at the ends of paths.</summary>
    private static IEnumerable<RelationColumn> Grouping(Relation source, GroupByPropertyNode property, ImmutableArray<NestingStep> above, ExpressionScope inner)
    {
        if (property.Expression is null)
            return property.ChildTransformations.SelectMany(child => Grouping(source, child, above.Add(new(property.Name, IsCollection: false)), inner));
        if (above.IsEmpty)
            return [source.Columns.FirstOrDefault(column => column.Path == property.Name) ?? throw Transformation.Invalid($"rows cannot be grouped by '{property.Name}'.")];

        return [new(property.Name, new ExpressionTranslator(inner).Translate(property.Expression), IsDynamic: false) { Above = above }];
    }

    private Relation Aggregate(
        Relation source, Transformation step, ImmutableArray<(RelationColumn Column, string Name)> grouped, SubqueryColumns subqueries, string? condition)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Apply, step.ToString(), static parser => parser.ParseApply()!);
        var names = new HashSet<string>(grouped.Select(static item => item.Column.Path), StringComparer.Ordinal);
        var added = ImmutableArray.CreateBuilder<(RelationColumn Column, string Name)>();
        var translator = new AggregateTranslator(inner, subqueries, condition);
        foreach (var column in ((AggregateTransformationNode)clause.Transformations.Single()).AggregateExpressions.SelectMany(translator.Translate))
        {
            if (!names.Add(column.Path) || (column.Above.IsEmpty && grouped.Any(item => item.Column.Above is [var first, ..] && first.Name == column.Name)))
                throw Transformation.Invalid($"two properties of the result have the name '{column.Name}'.");

            CheckName(column);
            added.Add((column, scope.Budget.NewColumn()));
        }

        return subqueries.AddTo(source).Group(grouped, added.ToImmutable());
    }

    /// <summary>A name that the table has, too, is taken in its type only: clients read it by what <c>$metadata</c> says of it.</summary>
    private void CheckName(RelationColumn column)
    {
        if (column.Above.IsEmpty && _declared?.FindProperty(column.Name) is { } declared && declared.Type.Definition != SqlTypes.EdmType(column.Value.Kind, nullable: true).Definition)
            throw Transformation.Invalid($"the table has '{column.Name}' already, as another type: give what is made up another name.");
    }

    /// <summary>The rows with the largest or smallest values.</summary>
    private Relation Most(Relation source, Transformation step, string direction)
    {
        if (step.List() is not [var count, var value])
            throw Transformation.Invalid($"'{step.Name}' needs a number and a value.");

        return CountOff(source, Number(step.Name, count), skip: 0, OrderBy(source, value + direction));
    }

    private static Relation CountOff(Relation source, long take, long skip, ImmutableArray<OrderKey> order)
    {
        var by = string.Join(", ", order.Concat(source.Key).Select(static key => key.Clause));
        return source with
        {
            From = string.Create(
                CultureInfo.InvariantCulture, $"(SELECT * FROM {source.From} AS {RowReference.MainAlias}{(by.Length == 0 ? by : $" ORDER BY {by}")} LIMIT {take} OFFSET {skip})"),
            IsNarrowable = false,
        };
    }

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= PagePlan.MaxLimit
            ? number
            : throw Transformation.Invalid($"'{name}' needs a number of rows.");

    private (T Clause, ExpressionScope Scope) Parsed<T>(Relation source, string option, string text, Func<QueryOptionParser, T> read)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Transformation.Invalid("a transformation lacks its arguments.");

        var parser = parse(source, option, text);
        return (read(parser), scope.For(source.Row, parser.ParameterAlias));
    }
}
