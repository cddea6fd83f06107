using System.Text.RegularExpressions;
using CoupaGateway.Telemetry;

namespace CoupaGateway.Tests.Kubernetes;

/// <summary>Looks in a PromQL expression for names that nothing tells.</summary>
internal static partial class PromQuery
{
    /// <summary>Words of the language and its functions that are used, and labels that Prometheus adds.</summary>
    private static readonly HashSet<string> Known =
        ["sum", "min", "max", "by", "topk", "rate", "increase", "absent", "histogram_quantile", "label_values", "le", "pod", "h", "m", "s", "d"];

    private static readonly HashSet<string> Labels = [.. Instruments.All.SelectMany(static instrument => instrument.Attributes).Select(static name => name.Replace('.', '_'))];

    private static readonly Dictionary<string, InstrumentInfo> Series =
        Instruments.All.SelectMany(static instrument => PrometheusNames.SeriesOf(instrument).Select(name => (name, instrument))).ToDictionary(static one => one.name, static one => one.instrument);

    /// <summary>Names that are no series, label or word, and labels of a series that it does not have.</summary>
    public static IEnumerable<string> FindUnknown(string expression)
    {
        var names = Name().Matches(Text().Replace(expression, string.Empty)).Select(static match => match.Value).Where(static name => !Known.Contains(name) && !Labels.Contains(name) && !Series.ContainsKey(name));
        var labels =
            from selector in Selector().Matches(expression)
            where Series.ContainsKey(selector.Groups["name"].Value)
            from label in Label().Matches(Text().Replace(selector.Groups["labels"].Value, string.Empty))
            where !Series[selector.Groups["name"].Value].Attributes.Any(attribute => attribute.Replace('.', '_') == label.Value)
            select $"{selector.Groups["name"].Value}{{{label.Value}}}";
        return names.Concat(labels);
    }

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Text();

    [GeneratedRegex("[a-zA-Z_][a-zA-Z0-9_]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<name>[a-z_]+)\{(?<labels>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Selector();

    [GeneratedRegex("[a-z_]+(?=[=!~])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
