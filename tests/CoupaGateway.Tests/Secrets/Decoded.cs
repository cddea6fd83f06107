using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace CoupaGateway.Tests.Secrets;

/// <summary>A stored value in every form that can be made of it: as it lies there, uncompressed, the rows of a Parquet file, and what is in Base64 inside it.</summary>
internal static partial class Decoded
{
    private const int Deepest = 3;

    public static IEnumerable<byte[]> Forms(byte[] value, int depth = 0)
    {
        yield return value;
        if (value.AsSpan().StartsWith("PAR1"u8))
        {
            yield return Rows(value);
            yield break;
        }

        if (depth == Deepest)
            yield break;

        var inside = Base64().Matches(Encoding.Latin1.GetString(value)).Select(static match => Decode(match.Value)).Concat(
            [Unpack(value, static packed => new BrotliStream(packed, CompressionMode.Decompress)), Unpack(value, static packed => new GZipStream(packed, CompressionMode.Decompress)), Unpack(value, static packed => new ZLibStream(packed, CompressionMode.Decompress))]);
        foreach (var form in inside.OfType<byte[]>().SelectMany(bytes => Forms(bytes, depth + 1)))
            yield return form;
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').TrimEnd('=').PadRight((text.TrimEnd('=').Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null; // it only looks so
        }
    }

    private static byte[]? Unpack(byte[] value, Func<Stream, Stream> open)
    {
        try
        {
            using var unpacked = new MemoryStream();
            using (var stream = open(new MemoryStream(value)))
                stream.CopyTo(unpacked);
            return unpacked.Length > 0 ? unpacked.ToArray() : null;
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException or IOException)
        {
            return null; // it is not packed so
        }
    }

    private static byte[] Rows(byte[] parquet)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, parquet);
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT t::VARCHAR FROM read_parquet('{path}') t UNION ALL SELECT decode(key) || decode(value) FROM parquet_kv_metadata('{path}')";
            using var reader = command.ExecuteReader();
            var text = new StringBuilder();
            while (reader.Read())
                text.AppendLine(reader.GetString(0));
            return Encoding.UTF8.GetBytes(text.ToString());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex("[A-Za-z0-9+/_-]{20,}={0,2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Base64();
}
