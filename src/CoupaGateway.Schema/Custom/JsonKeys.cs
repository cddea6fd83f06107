namespace CoupaGateway.Schema.Custom;

/// <summary>How JSON keys compare: hyphens and underscores are one.</summary>
internal static class JsonKeys
{
    public static bool Equal(string left, string right) => left.Replace('-', '_') == right.Replace('-', '_');

    public static bool Equal(IReadOnlyCollection<string> left, IReadOnlyCollection<string> right) => left.Count == right.Count && left.Zip(right).All(static keys => Equal(keys.First, keys.Second));
}
