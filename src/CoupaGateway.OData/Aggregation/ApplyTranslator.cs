using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Errors;
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
    /// <summary>DuckDB takes no larger LIMIT.</summary>
    private const long MaxLimit = 1L << 61;

    private int _steps;
    private IEdmEntityType? _declared;

    /// <summary>The results: one, or those of <c>concat</c> in their order.</summary>
    public ImmutableArray<Relation> Translate(Relation source, string text)
    {
        _declared ??= source.Type;
        ImmutableArray<Relation> results = [source];
        foreach (var step in Transformation.Sequence(text))
        {
            if (++_steps > maxSteps)
                throw FeedException.BadRequest(ErrorCodes.TooComplex, $"$apply has more than {maxSteps} transformations.", QueryOptionSet.Apply);
            if (results is not [var single])
                throw FeedException.NotImplemented($"A transformation after 'concat' is not supported: put '{step.Name}' into its branches.", step.Name);

            results = step.Name == "concat" ? Concat(single, step) : [Next(single, step)];
        }

        return results;
    }

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
        "aggregate" => Aggregate(source, step, grouped: [], condition: null),
        "groupby" => GroupBy(source, step),
        "orderby" => source with { Order = OrderBy(source, step.Arguments) },
        "top" => CountOff(source, Number(step.Name, step.Arguments), skip: 0, source.Order),
        "skip" => CountOff(source, MaxLimit, Number(step.Name, step.Arguments), source.Order),
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

    private Relation Search(Relation source, string text)
    {
        if (source.Set is null)
            throw FeedException.NotImplemented("The transformation 'search' is supported on the rows of the table only, not on what was made of them.", "search");

        var (clause, inner) = Parsed(source, QueryOptionSet.Search, text, static parser => parser.ParseSearch()!);
        return source with { From = $"(SELECT * FROM {source.From} AS {RowReference.MainAlias} WHERE {new SearchTranslator(inner).Translate(clause)})" };
    }

    public Relation Compute(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Compute, text, static parser => parser.ParseCompute()!);
        return source.With([.. ComputeTranslator.Translate(clause, inner, name => source.Columns.Any(column => column.Name == name)).Select(Named)]);
    }

    public ImmutableArray<string> OrderBy(Relation source, string text)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.OrderBy, text, static parser => parser.ParseOrderBy()!);
        return [.. OrderByTranslator.Keys(clause, inner).Select(static key => key.Clause)];
    }

    private Relation GroupBy(Relation source, Transformation step)
    {
        var arguments = step.List();
        if (arguments.Count is not (1 or 2))
            throw Transformation.Invalid("'groupby' needs properties in parentheses and, if there is anything to compute for each group, one sequence of transformations.");

        var (clause, inner) = Parsed(source, QueryOptionSet.Apply, $"groupby({arguments[0]})", static parser => parser.ParseApply()!);
        var grouped = ImmutableArray.CreateBuilder<(RelationColumn, string)>();
        foreach (var property in ((GroupByTransformationNode)clause.Transformations.Single()).GroupingProperties)
        {
            if (property.Expression is null || property.ChildTransformations.Count > 0)
                throw FeedException.NotImplemented($"Grouping by a path over '{property.Name}' is not supported: compute a property of that value first.", property.Name);
            if (source.Columns.FirstOrDefault(column => column.Name == property.Name) is not { } column)
                throw Transformation.Invalid($"rows cannot be grouped by '{property.Name}'.");
            if (grouped.Any(item => item.Item1.Name == property.Name))
                continue;

            grouped.Add((column, inner.Budget.NewColumn()));
        }

        if (arguments.Count == 1)
            return source.Group(grouped.ToImmutable(), added: []);

        // Filters inside apply to the rows of each group: one that has none left is still a group.
        string? condition = null;
        var steps = Transformation.Sequence(arguments[1]).ToList();
        foreach (var before in steps.SkipLast(1))
        {
            if (before.Name != "filter")
                throw FeedException.NotImplemented($"The transformation '{before.Name}' inside 'groupby' is not supported; filter(…) and, at the end, aggregate(…) are.", before.Name);

            var (filter, own) = Parsed(source, QueryOptionSet.Filter, before.Arguments, static parser => parser.ParseFilter()!);
            var text = FilterTranslator.Translate(filter, own);
            condition = condition is null ? text : $"{condition} AND {text}";
        }

        if (steps[^1].Name != "aggregate")
            throw FeedException.NotImplemented($"The transformation '{steps[^1].Name}' at the end of 'groupby' is not supported; aggregate(…) is.", steps[^1].Name);

        return Aggregate(source, steps[^1], grouped.ToImmutable(), condition);
    }

    private Relation Aggregate(Relation source, Transformation step, ImmutableArray<(RelationColumn Column, string Name)> grouped, string? condition)
    {
        var (clause, inner) = Parsed(source, QueryOptionSet.Apply, step.ToString(), static parser => parser.ParseApply()!);
        var names = new HashSet<string>(grouped.Select(static item => item.Column.Name), StringComparer.Ordinal);
        var added = ImmutableArray.CreateBuilder<ComputedProperty>();
        foreach (var expression in ((AggregateTransformationNode)clause.Transformations.Single()).AggregateExpressions)
        {
            PropertyNames.Check(expression.Alias, QueryOptionSet.Apply);
            if (!names.Add(expression.Alias))
                throw Transformation.Invalid($"two properties of the result have the name '{expression.Alias}'.");

            added.Add(Named(AggregateTranslator.Translate(expression, inner, condition)));
        }

        return source.Group(grouped, added.ToImmutable());
    }

    /// <summary>A name that the table has, too, is taken in its type only: clients read it by what <c>$metadata</c> says of it.</summary>
    private ComputedProperty Named(ComputedProperty property)
    {
        if (_declared?.FindProperty(property.Name) is { } declared && declared.Type.Definition != SqlTypes.EdmType(property.Value.Kind, nullable: true).Definition)
            throw Transformation.Invalid($"the table has '{property.Name}' already, as another type: give what is made up another name.");

        return property;
    }

    /// <summary>The rows with the largest or smallest values.</summary>
    private Relation Most(Relation source, Transformation step, string direction)
    {
        if (step.List() is not [var count, var value])
            throw Transformation.Invalid($"'{step.Name}' needs a number and a value.");

        return CountOff(source, Number(step.Name, count), skip: 0, OrderBy(source, value + direction));
    }

    private static Relation CountOff(Relation source, long take, long skip, ImmutableArray<string> order)
    {
        ImmutableArray<string> clauses = [.. order, .. source.Key];
        var by = clauses.IsEmpty ? string.Empty : $" ORDER BY {string.Join(", ", clauses)}";
        return source with
        {
            From = string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM {source.From} AS {RowReference.MainAlias}{by} LIMIT {take} OFFSET {skip})"),
            IsNarrowable = false,
        };
    }

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxLimit
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
