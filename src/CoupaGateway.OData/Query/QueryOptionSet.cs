using System.Globalization;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>The system query options of a URL, decoded. Names may lack the <c>$</c> and have any case (Protocol 4.01, section 11.2.1).</summary>
internal sealed partial class QueryOptionSet
{
    public const string Select = "$select";
    public const string Filter = "$filter";
    public const string OrderBy = "$orderby";
    public const string Top = "$top";
    public const string Skip = "$skip";
    public const string Count = "$count";
    public const string SkipToken = "$skiptoken";
    public const string Expand = "$expand";
    public const string Compute = "$compute";
    public const string Apply = "$apply";
    public const string Format = "$format";

    /// <summary>Which schema the request is about. It applies to every resource.</summary>
    public const string SchemaVersion = "$schemaversion";

    private static readonly HashSet<string> Supported =
        new(StringComparer.OrdinalIgnoreCase) { Select, Filter, OrderBy, Top, Skip, Count, SkipToken, Compute, Apply, Expand, Format, SchemaVersion };

    /// <summary>Options of the standard that this feed declines by name; all others with a <c>$</c> are mistakes.</summary>
    private static readonly HashSet<string> Declined =
        new(StringComparer.OrdinalIgnoreCase) { "$search", "$deltatoken", "$id", "$index", "$levels" };

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> _raw = [];

    /// <summary>Name (as normalized for system options) and value as they stood in the URL, still encoded, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Raw => _raw;

    /// <summary>Names of the parameter aliases (<c>@p</c>), in their order.</summary>
    public IEnumerable<string> ParameterAliases => _values.Keys.Where(static name => name.StartsWith('@')).Order(StringComparer.Ordinal);

    /// <summary>The options that ODL parses, by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Expressions => _values.Where(static pair => pair.Key is Filter or OrderBy or Select or Expand or Compute);

    /// <summary>Values by normalized name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <exception cref="FeedException">An option is unknown, declined, given twice, or wrongly encoded.</exception>
    public static QueryOptionSet Parse(string? query)
    {
        var options = new QueryOptionSet();
        foreach (var pair in (query ?? string.Empty).TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            var (rawName, rawValue) = equals < 0 ? (pair, string.Empty) : (pair[..equals], pair[(equals + 1)..]);
            options.Add(Decode(rawName).Trim(), rawValue);
        }

        return options;
    }

    /// <summary>A number of rows.</summary>
    /// <exception cref="FeedException">It is not a whole number from zero on.</exception>
    public long? Number(string name)
    {
        if (this[name] is not { } text)
            return null;

        return long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The value '{Shorten(text)}' of {name} is not a whole number from 0 to {long.MaxValue}.", name);
    }

    /// <exception cref="FeedException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Flag(string name) => this[name] switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The value '{Shorten(other)}' of {name} is neither 'true' nor 'false'.", name),
    };

    /// <exception cref="FeedException">An option is given that does not apply to this resource.</exception>
    public void Allow(string resource, params ReadOnlySpan<string> names)
    {
        foreach (var name in _values.Keys)
        {
            if (name.StartsWith('$') && name != SchemaVersion && !names.Contains(name))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{name}' does not apply to {resource}.", name);
        }
    }

    private void Add(string name, string rawValue)
    {
        var dollar = name.StartsWith('$') ? name : "$" + name;
        if (Declined.TryGetValue(dollar, out var declined))
            throw FeedException.NotImplemented($"The query option '{declined}' is not supported.", declined);

        if (!Supported.TryGetValue(dollar, out var known))
        {
            if (name.StartsWith('$'))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"There is no query option '{Shorten(name)}'.", Shorten(name));
            if (name.StartsWith('@') && !_values.TryAdd(name, Decode(rawValue)))
                throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The parameter alias '{Shorten(name)}' is given more than once.", Shorten(name));

            _raw.Add(new(name, rawValue));
            return;
        }

        if (!_values.TryAdd(known, Decode(rawValue)))
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{known}' is given more than once.", known);

        _raw.Add(new(known, rawValue));
    }

    /// <summary>
    /// A plus is a space, as HTML forms and most client libraries write it, except where only a sign makes sense: in the offset of an instant
    /// (<c>T00:00:00+01:00</c>), which Power Query and others do not always encode.
    /// </summary>
    private static string Decode(string text) => Uri.UnescapeDataString(OffsetSign().Replace(text, "%2B").Replace('+', ' '));

    private static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "…");

    [GeneratedRegex(@"(?<=\d(?::|%3[Aa])\d\d(?:\.\d+)?)\+(?=\d\d(?::|%3[Aa])\d\d)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OffsetSign();
}
