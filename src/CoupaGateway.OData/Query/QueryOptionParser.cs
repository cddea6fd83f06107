using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Query;

/// <summary>
/// The query options of one request, parsed by ODL as one: parameter aliases hold in all of them. Whatever ODL throws becomes an error that names the
/// option.
/// </summary>
internal sealed partial class QueryOptionParser
{
    private static readonly string[] Expressions = [QueryOptionSet.Filter, QueryOptionSet.OrderBy, QueryOptionSet.Select];

    private readonly ODataQueryOptionParser _parser;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <param name="set">What the options apply to; null where it is no entity set.</param>
    public QueryOptionParser(FeedModel model, FeedOptions options, QueryOptionSet query, IEdmEntityType type, IEdmNavigationSource? set)
    {
        foreach (var name in Expressions.Concat(query.ParameterAliases))
        {
            if (query[name] is not { } text)
                continue;
            if (string.IsNullOrWhiteSpace(text))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{name}' is empty.", name);

            text = new ExpressionText(query, options.MaxExpressionDepth, name).Prepare(text);
            _texts.Add(name, name.StartsWith('@') && Fraction().IsMatch(text) ? $"{text.Trim()}M" : text);
        }

        _parser = new(model.Edm, type, set, _texts) { Resolver = FeedUriParser.Resolver };
    }

    public FilterClause? ParseFilter() => Parse(QueryOptionSet.Filter, static parser => parser.ParseFilter());

    public OrderByClause? ParseOrderBy() => Parse(QueryOptionSet.OrderBy, static parser => parser.ParseOrderBy());

    public SelectExpandClause? ParseSelect() => Parse(QueryOptionSet.Select, static parser => parser.ParseSelectAndExpand());

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
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{option}' is not valid: {exception.Message}", option);
        }
        catch (Exception exception) when (exception is not (FeedException or OutOfMemoryException))
        {
            // ODL throws what it happens to throw on some malformed texts (FormatException, InvalidCastException, ArgumentException …).
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{option}' is not valid.", option);
        }
    }

    /// <summary>A number that ODL takes for a Single: it is written as the decimal that it is, or it could not be compared with one.</summary>
    [GeneratedRegex(@"^\s*-?[0-9]+\.[0-9]+\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fraction();
}
