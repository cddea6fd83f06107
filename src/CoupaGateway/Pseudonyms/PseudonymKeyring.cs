using CoupaGateway.Connections;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>Reads the secrets of connections from files and environment variables, each time anew: they are kept nowhere else.</summary>
internal sealed class PseudonymKeyring(IConnectionDefinitions definitions) : IPseudonymKeyring
{
    /// <summary>A key or salt has a few dozen bytes; what is much longer is some other file.</summary>
    private const int LongestText = 8_192;

    public PseudonymSecrets Open(string connection) =>
        definitions.Find(connection) is { } definition
            ? Open(definition.Options.Pseudonymization)
            : throw new PseudonymKeyException("There is no such connection.");

    /// <exception cref="PseudonymKeyException">A secret cannot be read or is too weak; the message names its source, never what is in it.</exception>
    public static PseudonymSecrets Open(PseudonymOptions options) => new(
        options.Keys.ToDictionary(static key => key.Version, static key => Read(key, $"key of version {key.Version}")),
        options.Salt.IsGiven ? Read(options.Salt, "salt") : null);

    private static byte[] Read(SecretOptions source, string what)
    {
        var text = string.IsNullOrEmpty(source.File) ? ReadVariable(source.Environment!, what) : ReadFile(source.File, what);
        return Decode(text.Trim())
            ?? throw new PseudonymKeyException($"The {what} is neither Base64 nor hexadecimal text ({Name(source)}). To make one: openssl rand -base64 32");
    }

    private static string ReadVariable(string name, string what) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? text
        : throw new PseudonymKeyException($"The {what} is missing: the environment variable {name} is not set.");

    private static string ReadFile(string path, string what)
    {
        try
        {
            if (new FileInfo(path).Length > LongestText)
                throw new PseudonymKeyException($"The file of the {what} is too large to be one ({path}).");

            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PseudonymKeyException($"The {what} is missing: the file {path} cannot be read ({error.GetType().Name}).");
        }
    }

    /// <summary>Hexadecimal text is Base64 too, so it is tried first: 64 such digits are a key of 32 bytes.</summary>
    private static byte[]? Decode(string text)
    {
        if (text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);

        var padded = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        padded += new string('=', (4 - (padded.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        return padded.Length > 0 && Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Name(SecretOptions source) => string.IsNullOrEmpty(source.File) ? $"environment variable {source.Environment}" : $"file {source.File}";
}
