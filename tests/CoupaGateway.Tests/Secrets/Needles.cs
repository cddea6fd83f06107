using System.Text;

namespace CoupaGateway.Tests.Secrets;

/// <summary>What must be found nowhere: each secret by its name, in the forms that it could be written in.</summary>
internal sealed class Needles
{
    private readonly List<(string Name, byte[] Bytes)> _needles = [];

    public void Add(string name, string secret)
    {
        Add(name, Encoding.UTF8.GetBytes(secret));
        if (Uri.EscapeDataString(secret) is var escaped && escaped != secret)
            _needles.Add(($"{name}, escaped", Encoding.UTF8.GetBytes(escaped)));
    }

    public void Add(string name, byte[] secret)
    {
        _needles.Add((name, secret));
        _needles.Add(($"{name} in Base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')[..^1]))); // the last letter depends on what follows
        _needles.Add(($"{name} in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret))));
        _needles.Add(($"{name} in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(secret))));
    }

    /// <summary>The names of the secrets in a text.</summary>
    public IEnumerable<string> In(ReadOnlyMemory<byte> bytes) => _needles.Where(needle => bytes.Span.IndexOf(needle.Bytes) >= 0).Select(static needle => needle.Name);

    public IEnumerable<string> In(string text) => In(Encoding.UTF8.GetBytes(text));
}
