using System.Text.Json.Nodes;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Deltas;

/// <summary>Delta tokens as text.</summary>
internal static class DeltaTokenCodec
{
    /// <summary>Tokens have to fit into URLs. Of larger tables, chunks are compared with the version itself as long as it is kept.</summary>
    private const int MostChunks = 80;

    /// <summary>Hexadecimal digits: so many that two of a table's chunks do not share them.</summary>
    private const int ChunkDigits = 12;

    public static string Encode(TableManifest read, string path, QueryOptionSet query)
    {
        var chunks = read.Chunks.Length <= MostChunks ? string.Concat(read.Chunks.Select(static chunk => chunk.Hash[..ChunkDigits])) : null;
        return TokenText.TryWrite(new JsonArray(read.Version, TokenText.Name(read.SchemaFingerprint), Since(read).Ticks, QueryName(path, query), chunks))!;
    }

    /// <exception cref="FeedException">The text is no token, or one of another query.</exception>
    public static DeltaToken Decode(string text, string path, QueryOptionSet query) => TokenText.Read(
        text,
        json =>
        {
            var chunks = json[4]?.GetValue<string>();
            var token = new DeltaToken(
                json[0]!.GetValue<long>(),
                json[1]!.GetValue<string>(),
                new DateTime(json[2]!.GetValue<long>(), DateTimeKind.Utc),
                chunks is null ? default : [.. chunks.Chunk(ChunkDigits).Select(static digits => new string(digits))]);
            return json[3]!.GetValue<string>() == QueryName(path, query) ? token : null;
        },
        static () => FeedException.BadRequest(ErrorCodes.InvalidOption, "The $deltatoken is not one that this feed gave for this query.", QueryOptionSet.DeltaToken));

    /// <summary>Whether the version that a token names has this chunk, as far as the token tells.</summary>
    public static bool Has(DeltaToken token, string hash) => token.Chunks.Contains(hash[..ChunkDigits], StringComparer.Ordinal);

    public static string SchemaName(TableManifest manifest) => TokenText.Name(manifest.SchemaFingerprint);

    /// <summary>In the microseconds that rows count in.</summary>
    private static DateTime Since(TableManifest read) => new(read.CommittedAt.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    /// <summary>What decides which rows the client has; their order does not.</summary>
    private static string QueryName(string path, QueryOptionSet query) => TokenText.Name(string.Join(
        '\n',
        [path, query[QueryOptionSet.Filter], query[QueryOptionSet.Search], query[QueryOptionSet.Compute], .. query.ParameterAliases.Select(alias => $"{alias}={query[alias]}")]));
}
