using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Expansion;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace CoupaGateway.OData.Query;

/// <summary>
/// The query options of one request, parsed by ODL as one: parameter aliases hold in all of them. Whatever ODL throws becomes an error that names the
/// option.
/// </summary>
internal sealed partial class QueryOptionParser
{
    static QueryOptionParser() => CaseFunction.Register();

    private readonly ODataQueryOptionParser _parser;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <param name="query">Where the values of parameter aliases are.</param>
    /// <param name="set">What the options apply to; null where it is no entity set.</param>
    /// <param name="expressions">The options to parse, by name.</param>
    public QueryOptionParser(
        FeedModel model, FeedOptions options, QueryOptionSet query, IEdmEntityType type, IEdmNavigationSource? set, IEnumerable<KeyValuePair<string, string>> expressions)
    {
        foreach (var (name, value) in expressions.Concat(query.ParameterAliases.Select(alias => KeyValuePair.Create(alias, query[alias]!))))
        {
            if (string.IsNullOrWhiteSpace(value))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{name}' is empty.", name);

            var written = name == QueryOptionSet.Expand ? Expand = ExpandLevels.Spell(value, type, options) : value;
            var text = name == QueryOptionSet.Search
                ? SearchText.Prepare(written, options.MaxExpressionDepth)
                : new ExpressionText(query, options.MaxExpressionDepth, name).Prepare(written);
            _texts.Add(name, name.StartsWith('@') && Fraction().IsMatch(text) ? $"{text.Trim()}M" : text);
        }

        _parser = new(model.Edm, type, set, _texts) { Resolver = FeedUriParser.Resolver };
    }

    /// <summary><c>$expand</c> as it was written, but for levels, which are spelled out; null where there is none.</summary>
    public string? Expand { get; }

    /// <summary>The option that all of the text is from, where that is another one than ODL is told.</summary>
    public string? Place { get; init; }

    /// <summary>One step of it: ODL does not know all.</summary>
    public ApplyClause? ParseApply() => Parse(QueryOptionSet.Apply, static parser => parser.ParseApply());

    /// <summary>Comes before the others, which may name what it computes.</summary>
    public ComputeClause? ParseCompute() => Parse(QueryOptionSet.Compute, static parser => parser.ParseCompute());

    public FilterClause? ParseFilter() => Parse(QueryOptionSet.Filter, static parser => parser.ParseFilter());

    public SearchClause? ParseSearch() => Parse(QueryOptionSet.Search, static parser => parser.ParseSearch());

    public OrderByClause? ParseOrderBy() => Parse(QueryOptionSet.OrderBy, static parser => parser.ParseOrderBy());

    /// <summary><c>$select</c> and <c>$expand</c>, which ODL parses as one.</summary>
    public SelectExpandClause? ParseSelect() =>
        Parse(_texts.ContainsKey(QueryOptionSet.Expand) ? QueryOptionSet.Expand : QueryOptionSet.Select, static parser => parser.ParseSelectAndExpand());

    /// <summary>The value of an alias that a parsed option has used; null for one without a value.</summary>
    public SingleValueNode? ParameterAlias(string alias) => _parser.ParameterAliasNodes.TryGetValue(alias, out var value) ? value : null;

    private T? Parse<T>(string option, Func<ODataQueryOptionParser, T> parse)
        where T : class
    {
        if (!_texts.ContainsKey(option))
            return null;

        try
        {
            return DeepStack.Run(_texts.Values.Sum(static text => text.Length), () => parse(_parser));
        }
        catch (ODataException exception)
        {
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{Place ?? option}' is not valid: {Explain(exception)}", Place ?? option);
        }
        catch (Exception exception) when (exception is not (FeedException or OutOfMemoryException))
        {
            // ODL throws what it happens to throw on some malformed texts (FormatException, InvalidCastException, ArgumentException …).
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{Place ?? option}' is not valid: {(exception is OverflowException ? "a number in it is too large for what it is compared or computed with" : "it cannot be read")}.", Place ?? option);
        }
    }

    /// <summary>ODL has no words for an operator that none of the types has, and names classes of its own where a sum has no numbers.</summary>
    private static string Explain(ODataException exception) =>
        exception.Message.Contains("internal error", StringComparison.Ordinal) ? "an operator in it applies to none of the types of this service, as 'has' does, which wants flags."
        : exception.Message.Contains("does not support value type", StringComparison.Ordinal) ? "'sum' and 'average' need numbers; of a duration, totalseconds(…) is one."
        : exception.Message;

    /// <summary>A number that ODL takes for a Single: it is written as the decimal that it is, or it could not be compared with one.</summary>
    [GeneratedRegex(@"^\s*-?[0-9]+\.[0-9]+\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fraction();
}
