using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CoupaGateway.OData.Tests.Corpus;

/// <summary>A request that may be wrong in any way.</summary>
/// <param name="Path">Path and query below the service root, as they go over the wire.</param>
/// <param name="Body">What a POST sends; null for none.</param>
internal sealed record CorpusRequest(string Method, string Path, ImmutableArray<(string Name, string Value)> Headers, string? ContentType = null, string? Body = null)
{
    /// <summary>The path with what no HTTP client would send as it is escaped: the server itself refuses those characters.</summary>
    public string Target
    {
        get
        {
            var text = new StringBuilder(Path.Length);
            foreach (var rune in Path.EnumerateRunes())
            {
                if (rune.Value is > 0x20 and < 0x7f and not '#')
                    text.Append((char)rune.Value);
                else
                    text.Append(Uri.EscapeDataString(rune.ToString()));
            }

            return text.ToString();
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target}");
        foreach (var (name, value) in Headers)
            text.Append(CultureInfo.InvariantCulture, $"\n{name}: {value}");
        if (ContentType is not null)
            text.Append(CultureInfo.InvariantCulture, $"\nContent-Type: {ContentType}");
        return Body is null ? text.ToString() : text.Append("\n\n").Append(Body).ToString();
    }
}
