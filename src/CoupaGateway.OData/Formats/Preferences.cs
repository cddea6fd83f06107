using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.OData;

namespace CoupaGateway.OData.Formats;

/// <summary>
/// What <c>Prefer</c> headers ask for, as far as the feed honours it. What is not understood is passed over (RFC 7240), and so is <c>respond-async</c>:
/// every request is answered at once.
/// </summary>
internal sealed class Preferences
{
    private const string Prefix = "odata.";
    private const string MaxPageSizeName = "maxpagesize";
    private const string OmitValuesName = "omit-values";
    private const string IncludeAnnotationsName = "include-annotations";
    private const string ContinueOnErrorName = "continue-on-error";

    /// <summary>The first value of each preference, by its name without prefix, with the name as the client wrote it.</summary>
    private readonly Dictionary<string, (string Name, string Value)> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, bool>? _annotations;

    private Preferences(StringValues headers)
    {
        foreach (var (name, value) in headers.SelectMany(static header => PreferenceReader.Read(header ?? string.Empty)))
            _values.TryAdd(name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name, (name, value));

        if (long.TryParse(this[MaxPageSizeName], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0)
            MaxPageSize = (int)Math.Min(size, int.MaxValue);
        OmitNulls = this[OmitValuesName] == "nulls";
        ContinueOnError = this[ContinueOnErrorName] is { } goOn && (goOn.Length == 0 || goOn.Equals("true", StringComparison.OrdinalIgnoreCase));
        _annotations = Filter(this[IncludeAnnotationsName]);
    }

    /// <summary>Rows in a page; null when not given, or not a positive number.</summary>
    public int? MaxPageSize { get; }

    /// <summary>Whether properties whose value is null are to be left out.</summary>
    public bool OmitNulls { get; }

    /// <summary>Whether the requests of a batch are to be answered although one before them has failed.</summary>
    public bool ContinueOnError { get; }

    /// <summary>Value of <c>Preference-Applied</c> for a batch; null when nothing that was asked for applies.</summary>
    public string? AppliedToBatch => ContinueOnError ? _values[ContinueOnErrorName].Name : null;

    public static Preferences Parse(StringValues headers) => new(headers);

    /// <summary>Whether the client asked for the instance annotations of a term.</summary>
    public bool Includes(string term) => _annotations?.Invoke(term) == true;

    /// <summary>Value of <c>Preference-Applied</c> for one row, or for rows in pages; null when nothing that was asked for applies.</summary>
    /// <param name="pageSize">Rows in a page; null where there are no pages.</param>
    public string? Applied(int? pageSize)
    {
        var applied = new List<string>();
        if (MaxPageSize is not null && pageSize is { } size)
            applied.Add(string.Create(CultureInfo.InvariantCulture, $"{_values[MaxPageSizeName].Name}={size}"));
        if (OmitNulls)
            applied.Add($"{_values[OmitValuesName].Name}=nulls");
        if (_annotations is not null)
            applied.Add($"{_values[IncludeAnnotationsName].Name}=\"{_values[IncludeAnnotationsName].Value}\"");
        return applied.Count == 0 ? null : string.Join(", ", applied);
    }

    private string? this[string name] => _values.TryGetValue(name, out var preference) ? preference.Value : null;

    /// <summary>Null without a pattern, or with one that is none.</summary>
    private static Func<string, bool>? Filter(string? pattern)
    {
        try
        {
            return string.IsNullOrEmpty(pattern) ? null : ODataUtils.CreateAnnotationFilter(pattern);
        }
        catch (Exception exception) when (exception is ArgumentException or ODataException)
        {
            return null;
        }
    }
}
